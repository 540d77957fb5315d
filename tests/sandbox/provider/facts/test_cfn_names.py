import pytest

from sandbox.provider.facts import cfn_names, cfn_schemas


@pytest.mark.parametrize(
    ("token", "type_"),
    [
        ("aws:sqs/queue:Queue", "AWS::SQS::Queue"),
        ("aws:lambda/function:Function", "AWS::Lambda::Function"),
        ("aws:cfg/conformancePack:ConformancePack", "AWS::Config::ConformancePack"),
        ("aws:ebs/volume:Volume", "AWS::EC2::Volume"),
        ("aws:alb/targetGroup:TargetGroup", "AWS::ElasticLoadBalancingV2::TargetGroup"),
        ("aws:guardduty/detector:Detector", "AWS::GuardDuty::Detector"),
    ],
)
def test_a_type_of_the_same_service_and_name_is_the_counterpart(token: str, type_: str) -> None:
    names = cfn_names.of(token)
    assert names is not None
    assert (names.type, names.verified) == (type_, False)


@pytest.mark.parametrize(
    "token", ["aws:iam/rolePolicyAttachment:RolePolicyAttachment", "aws:ebs/encryptionByDefault:EncryptionByDefault", "nonsense", ""]
)
def test_a_type_without_a_like_name_has_no_counterpart(token: str) -> None:
    assert cfn_names.of(token) is None


def test_a_like_name_that_means_something_else_is_corrected_by_the_table() -> None:
    names = cfn_names.of("aws:iam/policy:Policy")
    assert "AWS::IAM::Policy" in cfn_schemas.types("us-east-1")
    assert names is not None
    assert names.type == "AWS::IAM::ManagedPolicy"
