"""Tags between AWS's shapes and Pulumi's."""

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
