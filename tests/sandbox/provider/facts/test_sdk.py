import importlib
from typing import Any

import pulumi
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pulumi import _types

from sandbox.provider.facts import sdk
from tests.sandbox.provider.facts.places import changed, places, without
from tests.sandbox.provider.facts.samples import SAMPLES, UNKNOWN

VPC = "aws:ec2/vpc:Vpc"
PREFIX_LIST = "aws:ec2/getManagedPrefixList:getManagedPrefixList"

REQUIRED = {
    VPC: set(),
    "aws:ec2/subnet:Subnet": {"vpcId"},
    "aws:ec2/route:Route": {"routeTableId"},
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {"securityGroupId", "ipProtocol"},
    "aws:iam/role:Role": {"assumeRolePolicy"},
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {"role", "policyArn"},
    "aws:eks/cluster:Cluster": {"roleArn", "vpcConfig"},
    "aws:eks/nodeGroup:NodeGroup": {"clusterName", "nodeRoleArn", "scalingConfig", "subnetIds"},
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": {"accessScope", "clusterName", "policyArn", "principalArn"},
    "aws:rds/instance:Instance": {"instanceClass"},
    "aws:rds/parameterGroup:ParameterGroup": {"family"},
    "aws:elasticache/replicationGroup:ReplicationGroup": {"description"},
    "aws:elasticache/user:User": {"accessString", "engine", "userId", "userName"},
    "aws:s3/bucket:Bucket": set(),
    "aws:s3/bucketPolicy:BucketPolicy": {"bucket", "policy"},
    "aws:efs/mountTarget:MountTarget": {"fileSystemId", "subnetId"},
    "aws:lb/listener:Listener": {"defaultActions", "loadBalancerArn"},
    "aws:wafv2/webAcl:WebAcl": {"defaultAction", "scope", "visibilityConfig"},
    "aws:route53/record:Record": {"name", "type", "zoneId"},
    "aws:cloudfront/distribution:Distribution": {"defaultCacheBehavior", "enabled", "origins", "restrictions", "viewerCertificate"},
}
GLOBAL = ("aws:iam/", "aws:route53/", "aws:cloudfront/", "aws:s3/account")


@pytest.mark.parametrize("token", SAMPLES)
def test_every_type_of_the_estate_has_facts(token: str) -> None:
    facts = sdk.resource(token)
    assert facts.inputs.keys() <= facts.outputs.keys()
    assert facts.deprecated is None
    assert facts.has_region is not token.startswith(GLOBAL)


@pytest.mark.parametrize("token", REQUIRED)
def test_what_a_type_requires_is_known(token: str) -> None:
    assert {name for name, known in sdk.resource(token).inputs.items() if known.required} == REQUIRED[token]


@pytest.mark.parametrize(
    ("module", "name", "token"),
    [
        ("ec2.vpc", "Vpc", VPC),
        ("kms.key", "Key", "aws:kms/key:Key"),
        ("efs.file_system", "FileSystem", "aws:efs/fileSystem:FileSystem"),
        ("rds.instance", "Instance", "aws:rds/instance:Instance"),
        ("eks.cluster", "Cluster", "aws:eks/cluster:Cluster"),
        ("elasticache.replication_group", "ReplicationGroup", "aws:elasticache/replicationGroup:ReplicationGroup"),
        ("acm.certificate", "Certificate", "aws:acm/certificate:Certificate"),
    ],
)
def test_names_are_those_that_the_imported_sdk_itself_uses(module: str, name: str, token: str) -> None:
    loaded = importlib.import_module(f"pulumi_aws.{module}")
    facts = sdk.resource(token)
    assert set(_types.input_type_py_to_pulumi_names(getattr(loaded, f"{name}Args")).values()) == facts.inputs.keys()
    resource: type[pulumi.Resource] = getattr(loaded, name)
    assert set(_types.resource_types(resource)) == facts.outputs.keys() - {"id"}


def test_nested_properties_carry_their_own_names_and_kinds() -> None:
    rules = sdk.resource("aws:wafv2/webAcl:WebAcl").inputs["rules"]
    assert rules.kind == "array"
    assert rules.items is not None
    limit = rules.items.fields["statement"].fields["rateBasedStatement"].fields["limit"]
    assert (limit.kind, limit.required) == ("integer", True)
    tags = sdk.resource(VPC).inputs["tags"]
    assert (tags.kind, tags.items and tags.items.kind) == ("map", "string")


def test_a_type_that_contains_itself_can_be_walked() -> None:
    statement = sdk.resource("aws:wafv2/webAcl:WebAcl").inputs["rules"].items
    assert statement is not None
    known = statement.fields["statement"]
    for _ in range(10):
        known = known.fields["notStatement"].fields["statement"]
    assert "geoMatchStatement" in known.fields


def test_outputs_that_are_always_there_are_told_from_those_that_may_lack() -> None:
    outputs = sdk.resource(VPC).outputs
    assert outputs["arn"].required
    assert not outputs["tags"].required


def test_secret_outputs_and_deprecations_are_known() -> None:
    assert sdk.resource("aws:rds/instance:Instance").secret_outputs == {"password", "passwordWo"}
    assert sdk.resource("aws:s3/bucketV2:BucketV2").deprecated
    assert "BucketAcl" in str(sdk.resource("aws:s3/bucket:Bucket").inputs["acl"].deprecated)


def test_a_data_source_has_arguments_and_results() -> None:
    facts = sdk.function(PREFIX_LIST)
    assert facts.inputs.keys() == {"filters", "id", "name", "region", "tags"}
    assert {"id", "arn", "entries", "version"} <= facts.outputs.keys()
    assert sdk.function("aws:index/getCallerIdentity:getCallerIdentity").outputs["accountId"].kind == "string"
    assert sdk.check_inputs(PREFIX_LIST, {"name": "com.amazonaws.global.cloudfront.origin-facing"}, UNKNOWN) == []
    assert sdk.check_inputs(PREFIX_LIST, {"nam": 1}, UNKNOWN)[0].message == "no such property; did you mean name?"


@pytest.mark.parametrize(
    ("token", "required"),
    [
        ("aws:secretsmanager/getSecretVersion:getSecretVersion", ["secretId"]),
        ("aws:ssm/getParameter:getParameter", ["name"]),
        ("aws:eks/getCluster:getCluster", ["name"]),
        ("aws:iam/getPolicyDocument:getPolicyDocument", []),
        (PREFIX_LIST, []),
    ],
)
def test_a_data_source_says_what_it_requires(token: str, required: list[str]) -> None:
    problems = sdk.check_inputs(token, {}, UNKNOWN)
    assert [(problem.path, problem.message) for problem in problems] == [(name, "required, but not given") for name in required]


@pytest.mark.parametrize(
    ("token", "nearest"),
    [
        ("aws:ec2/vpc:Vcp", "aws:ec2/vpc:Vpc"),
        ("aws:rds/instances:Instance", "aws:rds/instance:Instance"),
        ("aws:eks/nodeGrup:NodeGrup", "aws:eks/nodeGroup:NodeGroup"),
    ],
)
def test_a_type_that_the_sdk_lacks_is_told_with_the_nearest(token: str, nearest: str) -> None:
    with pytest.raises(sdk.UnknownType, match=f"has no resource type {token}; nearest are .*{nearest}"):
        sdk.resource(token)


def test_a_data_source_that_the_sdk_lacks_is_told_with_the_nearest() -> None:
    with pytest.raises(sdk.UnknownType, match="getManagedPrefixList:getManagedPrefixList"):
        sdk.function("aws:ec2/getManagedPrefixLists:getPrefixLists")


@pytest.mark.parametrize("token", SAMPLES)
def test_what_the_estate_declares_is_accepted(token: str) -> None:
    assert sdk.check_inputs(token, SAMPLES[token], UNKNOWN) == []


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"cidr_block": "10.0.0.0/16"}, "cidr_block: no such property; did you mean cidrBlock"),
        ({"cidrBlock": 10}, "cidrBlock: must be a string (got integer 10)"),
        ({"enableDnsSupport": "true"}, 'enableDnsSupport: must be a boolean (got string "true")'),
        ({"ipv4NetmaskLength": 16.5}, "ipv4NetmaskLength: must be an integer (got number 16.5)"),
        ({"ipv4NetmaskLength": True}, "ipv4NetmaskLength: must be an integer (got boolean True)"),
        ({"tags": ["a"]}, "tags: must be a map (got array ['a'])"),
        ({"tags": {"cost centre": 1}}, 'tags["cost centre"]: must be a string (got integer 1)'),
    ],
)
def test_a_wrong_input_is_told_with_place_and_remedy(inputs: dict[str, Any], expected: str) -> None:
    assert expected in str(sdk.check_inputs(VPC, inputs, UNKNOWN)[0])


def test_a_document_may_be_given_as_text_or_as_an_object_where_the_sdk_takes_both() -> None:
    token = "aws:iam/rolePolicy:RolePolicy"
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s3:*"], "Resource": "*"}]}
    assert sdk.check_inputs(token, {"role": "r", "policy": "{}"}, UNKNOWN) == []
    assert sdk.check_inputs(token, {"role": "r", "policy": document}, UNKNOWN) == []
    assert "must be a string or an object (got integer 1)" in str(sdk.check_inputs(token, {"role": "r", "policy": 1}, UNKNOWN))


def test_a_number_that_crossed_the_wire_is_still_whole() -> None:
    assert sdk.check_inputs("aws:lb/targetGroup:TargetGroup", {"port": 8080.0}, UNKNOWN) == []


def test_a_secret_is_checked_by_its_value() -> None:
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": 5}
    assert "must be a string" in str(sdk.check_inputs(VPC, {"cidrBlock": secret}, UNKNOWN))


def test_no_message_shows_a_secret() -> None:
    told = str(sdk.check_inputs("aws:elasticache/user:User", {"passwords": [12345678], "userId": 12345678}, UNKNOWN))
    assert "passwords[0]" in told
    assert told.count("12345678") == 1
    wrapped = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": {"a": "hidden"}}
    assert "hidden" not in str(sdk.check_inputs(VPC, {"cidrBlock": wrapped}, UNKNOWN))


def test_none_counts_as_not_given() -> None:
    assert [problem.path for problem in sdk.check_inputs("aws:ec2/subnet:Subnet", {"vpcId": None}, UNKNOWN)] == ["vpcId"]


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(data=st.data())
def test_a_value_not_known_yet_is_never_wrong(data: st.DataObject) -> None:
    token = data.draw(st.sampled_from(sorted(SAMPLES)))
    place = data.draw(st.sampled_from(list(places(SAMPLES[token])) or [()]))
    assert sdk.check_inputs(token, changed(SAMPLES[token], place, UNKNOWN), UNKNOWN) == []


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(data=st.data())
def test_a_name_that_no_property_has_is_told_wherever_it_stands(data: st.DataObject) -> None:
    token = data.draw(st.sampled_from(sorted(SAMPLES)))
    objects = [(), *(place for place in places(SAMPLES[token]) if _is_object(token, place))]
    place = data.draw(st.sampled_from(objects))
    document = changed(SAMPLES[token], (*place, "notAProperty"), 1)
    problems = sdk.check_inputs(token, document, UNKNOWN)
    assert [problem.path.rpartition(".")[2] for problem in problems] == ["notAProperty"]


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(data=st.data())
def test_what_is_required_and_missing_is_the_only_problem(data: st.DataObject) -> None:
    token = data.draw(st.sampled_from(sorted(SAMPLES)))
    required = [place for place in places(SAMPLES[token]) if isinstance(place[-1], str) and _is_required(token, place)]
    if required:
        place = data.draw(st.sampled_from(required))
        problems = sdk.check_inputs(token, without(SAMPLES[token], place), UNKNOWN)
        assert [(problem.path.rpartition(".")[2], problem.message) for problem in problems] == [(place[-1], "required, but not given")]


def _known(token: str, place: tuple[str | int, ...]) -> sdk.Property | None:
    known = sdk.Property("", True, "object")
    fields = sdk.resource(token).inputs
    for step in place:
        inner = known.items if isinstance(step, int) or known.kind == "map" else fields.get(step)
        if inner is None:
            return None
        known, fields = inner, inner.fields
    return known


def _is_object(token: str, place: tuple[str | int, ...]) -> bool:
    known = _known(token, place)
    return known is not None and known.kind == "object"


def _is_required(token: str, place: tuple[str | int, ...]) -> bool:
    known = _known(token, place)
    return known is not None and known.required and bool(known.name)
