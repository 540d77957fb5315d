from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.validate import ParamValidator
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.provider.facts import service_model
from tests.sandbox.provider.facts.places import changed, places, without
from tests.sandbox.provider.facts.samples import UNKNOWN
from tests.sandbox.provider.facts.samples.names import KEY, POLICY, ROLE, SUBNETS

REQUESTS: dict[tuple[str, str], dict[str, Any]] = {
    ("eks", "CreateAddon"): {
        "clusterName": "morefocus-prod-euw1",
        "addonName": "vpc-cni",
        "resolveConflicts": "OVERWRITE",
        "podIdentityAssociations": [{"serviceAccount": "aws-node", "roleArn": ROLE}],
        "tags": {"Name": "vpc-cni"},
    },
    ("eks", "CreateAccessEntry"): {"clusterName": "morefocus-prod-euw1", "principalArn": ROLE, "type": "STANDARD"},
    ("eks", "AssociateAccessPolicy"): {
        "clusterName": "morefocus-prod-euw1",
        "principalArn": ROLE,
        "policyArn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
        "accessScope": {"type": "namespace", "namespaces": ["bookings"]},
    },
    ("eks", "CreatePodIdentityAssociation"): {
        "clusterName": "morefocus-prod-euw1",
        "namespace": "kube-system",
        "serviceAccount": "aws-node",
        "roleArn": ROLE,
    },
    ("ec2", "CreateVpc"): {"CidrBlock": "10.16.0.0/16", "InstanceTenancy": "default"},
    ("ec2", "CreateFlowLogs"): {
        "ResourceIds": ["vpc-0123456789abcdef0"],
        "ResourceType": "VPC",
        "TrafficType": "ALL",
        "MaxAggregationInterval": 60,
        "DestinationOptions": {"FileFormat": "parquet", "PerHourPartition": True},
    },
    ("kms", "CreateKey"): {"Description": "Personal data", "KeyUsage": "ENCRYPT_DECRYPT", "Policy": POLICY, "MultiRegion": False},
    ("iam", "CreateRole"): {"RoleName": "morefocus-prod-euw1-node", "AssumeRolePolicyDocument": POLICY, "MaxSessionDuration": 3600},
    ("logs", "CreateLogGroup"): {"logGroupName": "/aws/vpc/flow", "kmsKeyId": KEY},
    ("rds", "CreateDBSubnetGroup"): {"DBSubnetGroupName": "a", "DBSubnetGroupDescription": "a", "SubnetIds": SUBNETS},
    ("elasticache", "CreateUser"): {"UserId": "bookings", "UserName": "bookings", "Engine": "redis", "AccessString": "on ~* +@all"},
    ("efs", "PutBackupPolicy"): {"FileSystemId": "fs-0123456789abcdef0", "BackupPolicy": {"Status": "ENABLED"}},
    ("wafv2", "CreateIPSet"): {"Name": "office", "Scope": "REGIONAL", "IPAddressVersion": "IPV4", "Addresses": ["192.0.2.0/24"]},
    ("s3", "PutBucketVersioning"): {"Bucket": "recordings", "VersioningConfiguration": {"Status": "Enabled"}},
    ("elbv2", "CreateTargetGroup"): {"Name": "api", "Port": 8080, "Protocol": "HTTP", "TargetType": "ip", "HealthCheckPath": "/health"},
    ("acm", "RequestCertificate"): {"DomainName": "*.morefocus.example", "ValidationMethod": "DNS"},
    ("cloudfront", "CreateResponseHeadersPolicy"): {
        "ResponseHeadersPolicyConfig": {
            "Name": "web",
            "SecurityHeadersConfig": {
                "FrameOptions": {"FrameOption": "DENY", "Override": True},
                "StrictTransportSecurity": {"AccessControlMaxAgeSec": 63072000, "Override": True},
            },
        }
    },
    ("route53", "CreateHostedZone"): {"Name": "morefocus.example", "CallerReference": "one"},
}
NAMES = sorted(REQUESTS)


def problems(service: str, operation: str, **params: Any) -> list[str]:
    whole = {**REQUESTS[service, operation], **params}
    return [str(problem) for problem in service_model.check_request(service, operation, whole, UNKNOWN)]


@pytest.mark.parametrize(("service", "operation"), NAMES)
def test_a_request_as_the_estate_makes_it_is_accepted(service: str, operation: str) -> None:
    assert problems(service, operation) == []


@pytest.mark.parametrize(
    ("service", "operation", "params", "expected"),
    [
        ("eks", "CreateAddon", {"resolveConflicts": "FORCE"}, 'must be one of OVERWRITE, NONE, PRESERVE (got "FORCE")'),
        ("eks", "CreateAddon", {"addonname": "x"}, "addonname: no such parameter; did you mean addonName"),
        ("eks", "CreateAddon", {"clusterName": "more focus"}, "clusterName: must match"),
        ("eks", "CreateAddon", {"clusterName": "a" * 101}, "clusterName: must have 1 to 100 characters (got 101)"),
        ("eks", "CreateAddon", {"clusterName": 5}, "clusterName: must be a string (got int 5)"),
        ("eks", "CreateAddon", {"clusterName": None}, "clusterName: must be a string (got NoneType None)"),
        ("eks", "CreateAddon", {"podIdentityAssociations": [{"roleArn": ROLE}]}, "podIdentityAssociations[0].serviceAccount: required"),
        ("eks", "CreateAddon", {"tags": {"": "x"}}, "tags (key): must have 1 to 128 characters (got 0)"),
        ("eks", "AssociateAccessPolicy", {"accessScope": {"type": "pod"}}, "accessScope.type: must be one of cluster, namespace"),
        ("iam", "CreateRole", {"MaxSessionDuration": 60}, "MaxSessionDuration: must be 3600 to 43200 (got 60)"),
        ("iam", "CreateRole", {"RoleName": "more focus"}, "RoleName: must match"),
        ("iam", "CreateRole", {"Tags": [{"Key": "k", "Value": "v"}] * 51}, "Tags: must have at most 50 items (got 51)"),
        ("elbv2", "CreateTargetGroup", {"Port": 70000}, "Port: must be 1 to 65535 (got 70000)"),
        ("elbv2", "CreateTargetGroup", {"Port": "80"}, 'Port: must be a whole number (got str "80")'),
        ("kms", "CreateKey", {"MultiRegion": "yes"}, 'MultiRegion: must be a boolean (got str "yes")'),
        ("wafv2", "CreateIPSet", {"Addresses": "192.0.2.0/24"}, 'Addresses: must be a list (got str "192.0.2.0/24")'),
        ("ec2", "CreateVpc", {"InstanceTenancy": "shared"}, "InstanceTenancy: must be one of default, dedicated, host"),
    ],
)
def test_a_value_that_aws_refuses_is_told_with_place_and_choices(
    service: str, operation: str, params: dict[str, Any], expected: str
) -> None:
    found = problems(service, operation, **params)
    assert len(found) == 1
    assert expected in found[0]


def test_no_message_shows_a_value_that_the_model_calls_sensitive() -> None:
    request = {"SecretId": "a", "SecretString": 12345678, "ClientRequestToken": "short"}
    told = {problem.path: problem.message for problem in service_model.check_request("secretsmanager", "PutSecretValue", request, UNKNOWN)}
    assert told["SecretString"] == "must be a string (got int a secret value)"
    assert "12345678" not in str(told)


def test_every_problem_is_told_at_once() -> None:
    found = problems("eks", "CreateAddon", resolveConflicts="FORCE", clusterName="", unknownOne=1)
    assert len(found) == 4  # the empty name is too short and fits no pattern


def test_a_token_that_makes_a_request_repeatable_need_not_be_given() -> None:
    assert service_model.check_request("efs", "CreateFileSystem", {}, UNKNOWN) == []


@pytest.mark.parametrize(("members", "told"), [(["unusedAccess", "internalAccess"], "unusedAccess, internalAccess"), ([], "none")])
def test_exactly_one_member_of_a_union_is_given(members: list[str], told: str) -> None:
    request = {"analyzerName": "unused", "type": "ACCOUNT", "configuration": dict.fromkeys(members, UNKNOWN)}
    found = service_model.check_request("accessanalyzer", "CreateAnalyzer", request, UNKNOWN)
    assert [str(problem) for problem in found] == [f"configuration: must have exactly one of unusedAccess, internalAccess (got {told})"]


@pytest.mark.parametrize(("service", "operation"), [("ek", "CreateAddon"), ("eks", "CreateAdon"), ("eks", "create_addon")])
def test_an_operation_that_does_not_exist_is_told_with_the_nearest(service: str, operation: str) -> None:
    with pytest.raises(service_model.UnknownOperationError, match=r"did you mean .*(eks|CreateAddon)"):
        service_model.check_request(service, operation, {}, UNKNOWN)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(data=st.data())
def test_a_value_not_known_yet_is_accepted_at_any_depth(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(NAMES))
    place = data.draw(st.sampled_from(list(places(REQUESTS[name]))))
    assert service_model.check_request(*name, changed(REQUESTS[name], place, UNKNOWN), UNKNOWN) == []


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(data=st.data())
def test_whatever_botocore_refuses_is_refused_here_too(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(NAMES))
    request = REQUESTS[name]
    place = data.draw(st.sampled_from(list(places(request))))
    wrong = data.draw(st.one_of(st.none(), st.booleans(), st.integers(-9, 9), st.text(max_size=3), st.just([]), st.just({"no": 1})))
    damaged = without(request, place) if data.draw(st.booleans()) else changed(request, place, wrong)
    ours = service_model.check_request(*name, damaged, UNKNOWN)
    theirs = botocore_report(*name, damaged)
    assert ours or not theirs.has_errors(), theirs.generate_report()


def botocore_report(service: str, operation: str, params: dict[str, Any]) -> Any:
    model = ServiceModel(LOADER.load_service_model(service, "service-2"), service)
    shape = model.operation_model(operation).input_shape
    return ParamValidator().validate(params, shape)


LOADER = Loader()


def client(service: str) -> Any:
    made = boto3.client(
        service,
        region_name="eu-west-1",
        aws_access_key_id="none",
        aws_secret_access_key="none",
        endpoint_url="http://127.0.0.1:9",
        config=Config(retries={"total_max_attempts": 1}),
    )
    service_model.install(made)
    return made


def test_a_client_sends_no_call_that_aws_would_refuse() -> None:
    with pytest.raises(ValueError, match="AWS would refuse eks CreateAddon: resolveConflicts: must be one of") as caught:
        client("eks").create_addon(clusterName="a", addonName="vpc-cni", resolveConflicts="FORCE")
    assert isinstance(caught.value, service_model.RefusedRequestError)
    assert [problem.path for problem in caught.value.problems] == ["resolveConflicts"]


def test_a_client_sends_a_call_that_is_right() -> None:
    from botocore.exceptions import EndpointConnectionError

    with pytest.raises(EndpointConnectionError):
        client("eks").create_addon(clusterName="a", addonName="vpc-cni")


def test_a_convenience_of_the_client_is_no_problem() -> None:
    from botocore.exceptions import EndpointConnectionError

    with pytest.raises(EndpointConnectionError):
        client("s3").copy_object(Bucket="recordings", Key="b", CopySource={"Bucket": "recordings", "Key": "a"})


def test_installing_twice_checks_once() -> None:
    made = client("eks")
    service_model.install(made)
    with pytest.raises(service_model.RefusedRequestError) as caught:
        made.create_addon(clusterName="a", addonName="vpc-cni", resolveConflicts="FORCE")
    assert len(caught.value.problems) == 1


def test_regions_of_a_service_come_from_the_endpoint_data() -> None:
    assert {"us-east-1", "eu-west-1", "sa-east-1"} <= service_model.service_regions("eks")
    assert "sa-east-1" not in service_model.service_regions("apprunner")
    assert "cn-north-1" not in service_model.service_regions("eks")
    assert "cn-north-1" in service_model.service_regions("eks", "aws-cn")


def test_a_global_service_is_in_every_region_of_its_partition() -> None:
    assert {"us-east-1", "eu-west-1", "sa-east-1"} <= service_model.service_regions("iam") == service_model.service_regions("cloudfront")
