import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.provider.facts import cloudformation, sdk
from sandbox.provider.facts.cfn_table import TABLE
from tests.sandbox.provider.facts.examples import examples
from tests.sandbox.provider.facts.places import changed, places
from tests.sandbox.provider.facts.refusals import REFUSALS
from tests.sandbox.provider.facts.samples import REGIONS, SAMPLES, UNKNOWN

INSTANCE = "aws:rds/instance:Instance"
CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
NODES = "aws:eks/nodeGroup:NodeGroup"

WITHOUT_COUNTERPART = {
    "aws:acm/certificateValidation:CertificateValidation",
    "aws:ebs/defaultKmsKey:DefaultKmsKey",
    "aws:ebs/encryptionByDefault:EncryptionByDefault",
    "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl",
    "aws:ec2/defaultRouteTable:DefaultRouteTable",
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    "aws:efs/fileSystemPolicy:FileSystemPolicy",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
}
WITHOUT_VALUES = {
    "aws:ec2/internetGateway:InternetGateway",
    "aws:elasticache/parameterGroup:ParameterGroup",
    "aws:elasticache/subnetGroup:SubnetGroup",
    "aws:rds/parameterGroup:ParameterGroup",
    "aws:rds/subnetGroup:SubnetGroup",
    "aws:s3/bucketPolicy:BucketPolicy",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
}
"""Types whose schemas set no limits on what the provider gives."""

CREATE_ONLY = {
    "aws:ec2/vpc:Vpc": {"cidrBlock"},
    "aws:ec2/subnet:Subnet": {"vpcId", "availabilityZone", "cidrBlock"},
    "aws:ec2/natGateway:NatGateway": {"subnetId", "allocationId", "connectivityType"},
    "aws:ec2/routeTable:RouteTable": {"vpcId"},
    "aws:ec2/route:Route": {"routeTableId", "destinationCidrBlock"},
    "aws:ec2/vpcEndpoint:VpcEndpoint": {"vpcId", "serviceName", "vpcEndpointType"},
    "aws:ec2/flowLog:FlowLog": {"logDestination", "trafficType", "iamRoleArn", "destinationOptions"},
    "aws:ec2/securityGroup:SecurityGroup": {"name", "description", "vpcId"},
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {"securityGroupId"},
    "aws:ec2/launchTemplate:LaunchTemplate": {"name"},
    "aws:cloudwatch/logGroup:LogGroup": {"name"},
    "aws:kms/alias:Alias": {"name"},
    "aws:iam/role:Role": {"name", "path"},
    "aws:iam/policy:Policy": {"name", "path", "description"},
    "aws:eks/cluster:Cluster": {"name", "roleArn", "kubernetesNetworkConfig.ipFamily", "encryptionConfig"},
    "aws:eks/nodeGroup:NodeGroup": {"clusterName", "nodeGroupName", "nodeRoleArn", "subnetIds", "instanceTypes", "capacityType"},
    "aws:eks/addon:Addon": {"clusterName", "addonName"},
    "aws:eks/accessEntry:AccessEntry": {"clusterName", "principalArn", "type"},
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": {"clusterName", "namespace", "serviceAccount"},
    "aws:rds/instance:Instance": {"identifier", "kmsKeyId", "storageEncrypted", "username", "dbName"},
    "aws:rds/parameterGroup:ParameterGroup": {"name", "family"},
    "aws:elasticache/replicationGroup:ReplicationGroup": {"replicationGroupId", "subnetGroupName", "atRestEncryptionEnabled"},
    "aws:s3/bucket:Bucket": {"bucket"},
    "aws:efs/fileSystem:FileSystem": {"encrypted", "kmsKeyId", "performanceMode"},
    "aws:efs/mountTarget:MountTarget": {"fileSystemId", "subnetId"},
    "aws:efs/accessPoint:AccessPoint": {"fileSystemId", "posixUser", "rootDirectory.creationInfo.ownerUid"},
    "aws:lb/loadBalancer:LoadBalancer": {"name", "loadBalancerType"},
    "aws:lb/targetGroup:TargetGroup": {"name", "port", "protocol", "targetType", "vpcId"},
    "aws:wafv2/webAcl:WebAcl": {"name", "scope"},
    "aws:acm/certificate:Certificate": {"domainName", "subjectAlternativeNames"},
    "aws:route53/zone:Zone": {"name"},
    "aws:route53/record:Record": {"zoneId"},
}


def problems(token: str, inputs: dict[str, Any], region: str = "eu-west-1") -> list[str]:
    return [str(problem) for problem in cloudformation.check_inputs(token, inputs, region, UNKNOWN)]


def test_every_type_of_the_estate_has_a_counterpart_or_is_known_to_have_none() -> None:
    assert {token for token in SAMPLES if cloudformation.type_name(token) is None} == WITHOUT_COUNTERPART


@pytest.mark.parametrize(
    ("token", "type_"),
    [
        ("aws:ec2/vpc:Vpc", "AWS::EC2::VPC"),
        ("aws:iam/policy:Policy", "AWS::IAM::ManagedPolicy"),
        ("aws:lb/loadBalancer:LoadBalancer", "AWS::ElasticLoadBalancingV2::LoadBalancer"),
        ("aws:s3/bucketVersioning:BucketVersioning", "AWS::S3::Bucket"),
        ("aws:sqs/queue:Queue", "AWS::SQS::Queue"),
    ],
)
def test_a_counterpart_is_known_by_name_or_by_the_table(token: str, type_: str) -> None:
    assert cloudformation.type_name(token) == type_


@pytest.mark.parametrize("region", REGIONS)
def test_every_type_of_the_estate_exists_in_its_regions(region: str) -> None:
    assert {token for token in SAMPLES if cloudformation.exists(token, region) is not True} == WITHOUT_COUNTERPART


def test_a_service_that_a_region_lacks_is_told() -> None:
    assert cloudformation.exists("aws:apprunner/service:Service", "us-east-1") is True
    assert cloudformation.exists("aws:apprunner/service:Service", "sa-east-1") is False


def test_a_type_that_only_has_not_reached_a_region_yet_is_no_absence() -> None:
    assert cloudformation.exists("aws:securityhub/actionTarget:ActionTarget", "sa-east-1") is None
    assert problems("aws:macie2/member:Member", {"accountId": "x", "email": "a@example.com"}, "sa-east-1")


def test_nothing_is_said_of_a_region_that_is_not_shipped() -> None:
    with pytest.raises(cloudformation.UnknownRegionError, match="did you mean eu-west-1"):
        cloudformation.exists("aws:ec2/vpc:Vpc", "eu-west-11")
    with pytest.raises(cloudformation.UnknownRegionError):
        cloudformation.check_inputs("aws:ec2/vpc:Vpc", {}, "eu-west-11", UNKNOWN)


@pytest.mark.parametrize("token", CREATE_ONLY)
def test_what_is_set_only_at_creation_is_known(token: str) -> None:
    assert CREATE_ONLY[token] <= cloudformation.create_only(token)


@pytest.mark.parametrize("token", SAMPLES)
def test_what_is_set_only_at_creation_are_inputs_of_the_type(token: str) -> None:
    inputs = sdk.resource(token).inputs
    assert {path.partition(".")[0] for path in cloudformation.create_only(token) | cloudformation.may_replace(token)} <= inputs.keys()


def test_what_replaces_only_sometimes_is_told_apart() -> None:
    assert "engine" in cloudformation.may_replace(INSTANCE) - cloudformation.create_only(INSTANCE)
    assert cloudformation.may_replace("aws:ec2/vpc:Vpc") == {"instanceTenancy"}


def test_a_part_of_a_bucket_is_not_replaced_as_the_bucket_is() -> None:
    assert cloudformation.create_only("aws:s3/bucketVersioning:BucketVersioning") == frozenset()


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("token", SAMPLES)
def test_what_the_estate_declares_is_accepted_in_every_region(token: str, region: str) -> None:
    assert problems(token, SAMPLES[token], region) == []


def test_every_type_with_limits_is_proven_to_refuse_something() -> None:
    assert {token for token, *_ in REFUSALS} == SAMPLES.keys() - WITHOUT_COUNTERPART - WITHOUT_VALUES


@pytest.mark.parametrize(("token", "change", "path", "words"), REFUSALS, ids=[f"{token}-{path}" for token, _, path, _ in REFUSALS])
def test_a_value_that_aws_refuses_is_told_with_place_and_choices(token: str, change: dict[str, Any], path: str, words: str) -> None:
    assert sdk.check_inputs(token, {**SAMPLES[token], **change}, UNKNOWN) == []
    found = cloudformation.check_inputs(token, {**SAMPLES[token], **change}, "eu-west-1", UNKNOWN)
    told = [problem for problem in found if problem.path == path and words in problem.message]
    assert told, f"expected {path}: {words}, found {[str(problem) for problem in found]}"


def test_one_value_in_no_list_is_told_once() -> None:
    found = problems(INSTANCE, {**SAMPLES[INSTANCE], "instanceClass": "db.x.y"}, "sa-east-1")
    assert len(found) == 1
    assert "in sa-east-1" in found[0]


def test_instance_classes_differ_by_region_and_engine() -> None:
    ireland = cloudformation.allowed_values(INSTANCE, "instanceClass", "eu-west-1", {"engine": "postgres"})
    brazil = cloudformation.allowed_values(INSTANCE, "instanceClass", "sa-east-1", {"engine": "postgres"})
    licensed = {"engine": "sqlserver-web", "licenseModel": "license-included"}
    windows = cloudformation.allowed_values(INSTANCE, "instanceClass", "eu-west-1", licensed)
    assert ireland
    assert brazil
    assert windows
    assert "db.r5.xlarge" in ireland & brazil
    assert brazil < ireland
    assert windows != ireland
    assert cloudformation.allowed_values(INSTANCE, "instanceClass", "eu-west-1", {}) is None


def test_lists_of_the_estates_other_choices_are_known() -> None:
    nodes = cloudformation.allowed_values(NODES, "instanceTypes", "sa-east-1")
    caches = cloudformation.allowed_values(CACHE, "nodeType", "sa-east-1")
    versions = cloudformation.allowed_values(CACHE, "engineVersion", "sa-east-1", {"engine": "redis"})
    assert nodes
    assert caches
    assert versions
    assert "m5.xlarge" in nodes
    assert "cache.r5.large" in caches
    assert {"7.0", "7.1", "6.x"} <= versions
    logs = cloudformation.allowed_values("aws:eks/cluster:Cluster", "enabledClusterLogTypes", "sa-east-1")
    assert logs == frozenset({"api", "audit", "authenticator", "controllerManager", "scheduler"})
    assert cloudformation.allowed_values("aws:lb/targetGroup:TargetGroup", "healthCheck.protocol", "sa-east-1")


def test_what_takes_any_value_has_no_list() -> None:
    assert cloudformation.allowed_values("aws:ec2/vpc:Vpc", "cidrBlock", "sa-east-1") is None
    assert cloudformation.allowed_values("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "vpcId", "sa-east-1") is None


def test_an_input_that_does_not_exist_has_no_list_either() -> None:
    with pytest.raises(LookupError, match="has no input instanceKlass"):
        cloudformation.allowed_values(INSTANCE, "instanceKlass", "sa-east-1")


def test_an_engine_version_that_should_be_left_is_warned_of() -> None:
    old = cloudformation.warnings(INSTANCE, {"engine": "postgres", "engineVersion": "9.6.2"}, "eu-west-1", UNKNOWN)
    assert [str(problem) for problem in old] == ["engineVersion: postgres 9.6.2 is deprecated: choose a newer one"]
    assert cloudformation.warnings(INSTANCE, SAMPLES[INSTANCE], "eu-west-1", UNKNOWN) == []
    assert cloudformation.warnings("aws:ec2/vpc:Vpc", {}, "eu-west-1", UNKNOWN) == []


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(data=st.data())
def test_a_value_not_known_yet_is_never_wrong(data: st.DataObject) -> None:
    token = data.draw(st.sampled_from(sorted(SAMPLES)))
    inputs = SAMPLES[token]
    for place in data.draw(st.lists(st.sampled_from(list(places(inputs))), max_size=3, unique=True)) if inputs else ():
        if place in set(places(inputs)):
            inputs = changed(inputs, place, UNKNOWN)
    assert problems(token, inputs, data.draw(st.sampled_from(REGIONS))) == []


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(data=st.data())
def test_any_input_whatever_gets_an_answer(data: st.DataObject) -> None:
    token = data.draw(st.sampled_from(sorted(SAMPLES)))
    place = data.draw(st.sampled_from(list(places(SAMPLES[token])) or [()]))
    odd = st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
        max_leaves=4,
    )
    inputs = changed(SAMPLES[token], place, data.draw(odd)) if place else {}
    assert all(isinstance(line, str) for line in problems(token, inputs))


EXAMPLES_THAT_AWS_REFUSES = {
    ("aws:cloudfront/distribution:Distribution", "viewerMtlsConfig.mode"): "verify is no mode",
    ("aws:ec2/launchTemplate:LaunchTemplate", "imageId"): "too short an id",
    ("aws:ec2/route:Route", "destinationCidrBlock"): "has host bits",
    ("aws:ec2/subnet:Subnet", ""): "shows the resource without its inputs",
    ("aws:ec2/vpc:Vpc", ""): "shows the resource without its inputs",
    ("aws:lb/loadBalancer:LoadBalancer", ""): "shows the resource without its subnets",
    ("aws:lb/loadBalancer:LoadBalancer", "subnetMappings[0].subnetId"): "stands for an id",
    ("aws:rds/instance:Instance", "engineVersion"): "has long gone",
    ("aws:route53/trafficPolicyInstance:TrafficPolicyInstance", "trafficPolicyId"): "g is no hexadecimal digit",
}


@pytest.mark.parametrize("service", sorted({token.split(":")[1].split("/")[0] for token in TABLE} - {"ses"}))
def test_the_examples_of_the_sdk_are_accepted(service: str) -> None:
    refused = {
        (token, problem.path): f"{file}: {problem}"
        for token, inputs, file in examples(service)
        if token in TABLE and not sdk.check_inputs(token, inputs, UNKNOWN)
        for problem in cloudformation.check_inputs(token, inputs, "us-east-1", UNKNOWN)
    }
    assert {place: told for place, told in refused.items() if place not in EXAMPLES_THAT_AWS_REFUSES} == {}


def test_a_check_takes_less_than_a_millisecond_on_average() -> None:
    def check_all() -> None:
        for token, inputs in SAMPLES.items():
            sdk.check_inputs(token, inputs, UNKNOWN)
            cloudformation.check_inputs(token, inputs, "eu-west-1", UNKNOWN)

    check_all()
    times = []
    for _ in range(5):
        start = time.process_time()
        check_all()
        times.append(time.process_time() - start)
    assert min(times) / len(SAMPLES) < 0.001
