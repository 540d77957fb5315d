"""Tags between AWS's shapes and Pulumi's."""

from typing import Any

import boto3
import pytest

from sandbox.provider import tagging


def test_pairs_and_mapping_are_each_others_inverse() -> None:
    tags = {"b": "2", "a": "1"}
    assert tagging.mapping(tagging.pairs(tags)) == tags
    assert tagging.mapping(tagging.pairs(tags, "TagKey", "TagValue"), "TagKey", "TagValue") == tags


def test_tags_that_aws_sets_are_not_the_programs() -> None:
    assert tagging.mapping([{"Key": "aws:cloudformation:stack-name", "Value": "x"}, {"Key": "a", "Value": "1"}]) == {"a": "1"}
    assert tagging.mapping(None) == {}


def test_only_what_differs_is_set_or_removed() -> None:
    old, new = {"tagsAll": {"a": "1", "b": "2"}}, {"tagsAll": {"b": "3", "c": "4"}}
    assert tagging.changed(old, new) == ({"b": "3", "c": "4"}, ["a"])


@pytest.mark.parametrize(
    ("service", "kind", "set_by", "removed_by"),
    [
        ("sns", "Resource", {"ResourceArn": "x", "Tags": [{"Key": "b", "Value": "3"}]}, {"ResourceArn": "x", "TagKeys": ["a"]}),
        ("kms", "Resource", {"KeyId": "x", "Tags": [{"TagKey": "b", "TagValue": "3"}]}, {"KeyId": "x", "TagKeys": ["a"]}),
        ("eks", "Resource", {"resourceArn": "x", "tags": {"b": "3"}}, {"resourceArn": "x", "tagKeys": ["a"]}),
        ("backup", "Resource", {"ResourceArn": "x", "Tags": {"b": "3"}}, {"ResourceArn": "x", "TagKeyList": ["a"]}),
        ("iam", "Role", {"RoleName": "x", "Tags": [{"Key": "b", "Value": "3"}]}, {"RoleName": "x", "TagKeys": ["a"]}),
    ],
)
def test_each_service_is_asked_in_its_own_spelling(service: str, kind: str, set_by: dict[str, Any], removed_by: dict[str, Any]) -> None:
    client = boto3.client(service, region_name="eu-west-1", aws_access_key_id="test", aws_secret_access_key="test")
    asked = []
    client.meta.events.register("provide-client-params", lambda params, **_: asked.append(params))
    # Nothing is sent: the answer is given before.
    client.meta.events.register("before-call", lambda **_: (_Answer(), {}))

    tagging.retag(client, "x", {"tagsAll": {"a": "1", "b": "2"}}, {"tagsAll": {"b": "3"}}, kind)

    assert asked == [set_by, removed_by]


def test_without_a_difference_nothing_is_asked() -> None:
    tagging.retag(None, "x", {"tagsAll": {"a": "1"}}, {"tagsAll": {"a": "1"}})


class _Answer:
    status_code = 200
