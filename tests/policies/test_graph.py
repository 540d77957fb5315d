"""The graph finds what belongs together, by dependencies or by names, in old tokens and new."""

from typing import Any

import pytest

from policies.graph import Resource, canonical
from policies.readers import from_state
from policies.values import ABSENT, UNKNOWN
from tests.kit.policies import lone, resource

BUCKET = "aws:s3/bucket:Bucket"
POLICY = "aws:s3/bucketPolicy:BucketPolicy"


def linked(bucket: Resource, policy: Resource) -> tuple[list[str], bool]:
    found = lone(bucket, policy).attached(bucket, POLICY, "bucket")
    return [each.name for each in found.resources], found.certain


def test_a_type_that_the_provider_knows_twice_is_one_type() -> None:
    assert canonical("aws:s3/bucketV2:BucketV2") == BUCKET
    assert canonical("aws:s3/bucketVersioningV2:BucketVersioningV2") == "aws:s3/bucketVersioning:BucketVersioning"
    assert canonical("aws:apigatewayv2/api:Api") == "aws:apigatewayv2/api:Api"


def test_a_known_name_links_also_where_no_dependency_tells() -> None:
    assert linked(resource(BUCKET, "files", bucket="one"), resource(POLICY, "policy", bucket="one")) == (["policy"], True)
    assert linked(resource("aws:s3/bucketV2:BucketV2", "files", id="one"), resource(POLICY, "policy", bucket="one")) == (["policy"], True)


def test_an_unknown_value_links_by_what_it_was_made_of() -> None:
    bucket = resource(BUCKET, "files", bucket="one")
    policy = resource(POLICY, "policy", bucket=UNKNOWN, property_dependencies={"bucket": (bucket.urn,)})
    assert linked(bucket, policy) == (["policy"], True)


def test_what_a_known_value_was_once_made_of_does_not_link() -> None:
    bucket = resource(BUCKET, "files", bucket="one")
    policy = resource(POLICY, "policy", bucket="another", property_dependencies={"bucket": (bucket.urn,)})
    assert linked(bucket, policy) == ([], True)


def test_an_unknown_value_made_of_nothing_leaves_the_answer_open() -> None:
    assert linked(resource(BUCKET, "files", bucket="one"), resource(POLICY, "policy", bucket=UNKNOWN)) == ([], False)


@pytest.mark.parametrize(
    ("properties", "region"),
    [
        ({"region": "sa-east-1"}, "sa-east-1"),
        ({"availabilityZone": "us-east-1a"}, "us-east-1"),
        ({}, "eu-west-1"),
        ({"region": UNKNOWN}, UNKNOWN),
    ],
)
def test_a_resource_says_its_region_before_its_provider_does(properties: dict[str, Any], region: Any) -> None:
    assert resource(BUCKET, "files", provider_region="eu-west-1", **properties).region == region


STACK = "urn:pulumi:eu-west-1::morefocus::pulumi:pulumi:Stack::morefocus-eu-west-1"
PROVIDER = "urn:pulumi:eu-west-1::morefocus::pulumi:providers:aws::default"
FILES = f"urn:pulumi:eu-west-1::morefocus::morefocus:data:Bucket${BUCKET}::files"
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
EXPORT = {
    "version": 3,
    "deployment": {
        "resources": [
            {"urn": STACK, "type": "pulumi:pulumi:Stack"},
            {"urn": PROVIDER, "type": "pulumi:providers:aws", "id": "p-1", "inputs": {"region": "eu-west-1"}},
            {
                "urn": FILES,
                "type": BUCKET,
                "id": "one",
                "custom": True,
                "protect": True,
                "parent": STACK,
                "provider": f"{PROVIDER}::p-1",
                "inputs": {"bucket": "one", "forceDestroy": False, "acl": {**SECRET, "ciphertext": "v1:x"}},
                "outputs": {"bucket": "one", "arn": {**SECRET, "plaintext": '"arn:aws:s3:::one"'}, "kmsKeyId": "arn:aws:kms:theirs"},
                "dependencies": [PROVIDER],
                "propertyDependencies": {"bucket": [PROVIDER], "acl": None},
            },
            {"urn": FILES, "type": BUCKET, "id": "zero", "delete": True, "inputs": {}},
        ]
    },
}


def test_a_state_gives_the_same_graph_as_an_analysis_would() -> None:
    graph = from_state(EXPORT)
    (bucket,) = graph.of(BUCKET)
    assert (bucket.name, bucket.protect, bucket.region, bucket.parent) == ("files", True, "eu-west-1", STACK)
    assert (bucket.look("arn"), bucket.look("id"), bucket.look("forceDestroy")) == ("arn:aws:s3:::one", "one", False)
    assert bucket.look("acl") is UNKNOWN, "an encrypted secret is not taken for a value"
    assert bucket.look("kmsKeyId") is ABSENT, "what AWS chose where nothing was declared is not what was asked for"
    assert bucket.property_dependencies == {"bucket": (PROVIDER,), "acl": ()}


def test_what_is_no_state_is_refused_with_what_to_do() -> None:
    with pytest.raises(ValueError, match="pulumi stack export"):
        from_state({"resources": []})


def test_a_resource_is_called_by_the_end_of_its_arn_where_nothing_else_tells_its_id() -> None:
    vpc = resource("aws:ec2/vpc:Vpc", "one", arn="arn:aws:ec2:eu-west-1:123456789012:vpc/vpc-1")
    log = resource("aws:ec2/flowLog:FlowLog", "log", vpcId="vpc-1")
    other = resource("aws:ec2/flowLog:FlowLog", "other", vpcId="vpc-12")
    graph = lone(vpc, log, other)
    assert graph.attached(vpc, log.type, "vpcId").resources == (log,)
    assert not graph.target(other, "vpcId", vpc.type).resources
    assert vpc.look("nothing") is ABSENT
