"""Which stores a backup plan picks: by tags and ARNs, as AWS Backup does."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from policies.graph import Resource
from policies.values import ABSENT, UNKNOWN, Answer, all_of, any_of, each, look, negated, same

SELECTION = "aws:backup/selection:Selection"
KINDS: Mapping[str, str] = {
    "aws:docdb/cluster:Cluster": "DocumentDB",
    "aws:dynamodb/table:Table": "DynamoDB",
    "aws:ebs/volume:Volume": "EBS",
    "aws:efs/fileSystem:FileSystem": "EFS",
    "aws:neptune/cluster:Cluster": "Neptune",
    "aws:rds/cluster:Cluster": "Aurora",
    "aws:rds/instance:Instance": "RDS",
    "aws:s3/bucket:Bucket": "S3",
}
"""Stores that AWS Backup backs up, by the name that it has for their kind.

Source: https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-feature-availability.html
"""
_OPERATORS: Mapping[str, tuple[bool, bool]] = {
    "stringEquals": (False, False),
    "stringLike": (True, False),
    "stringNotEquals": (False, True),
    "stringNotLike": (True, True),
}
"""Whether it takes patterns, and whether it is meant the other way."""


def picks(selection: Resource, store: Resource) -> Answer:
    """Tell whether a selection picks a store: all conditions hold, and either its ARN or one of the listed tags matches, if any are given.

    Source: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupSelection.html
    """
    given: list[Answer] = []
    if resources := each(selection.properties, "resources"):
        given.append(any_of([_matches(store, pattern) for pattern in resources]))
    if tags := each(selection.properties, "selectionTags"):
        given.append(any_of([_holds(store, look(tag, "key"), look(tag, "value"), like=False) for tag in tags]))
    left_out = any_of([_matches(store, pattern) for pattern in each(selection.properties, "notResources")])
    wanted = conditions_hold(each(selection.properties, "conditions"), store)
    return all_of([any_of(given) if given else True, wanted, negated(left_out), same(selection.region, store.region)])


def conditions_hold(conditions: list[Any], store: Resource) -> Answer:
    """Tell whether every condition on tags holds of a store; without any they do."""
    answers: list[Answer] = []
    for condition in conditions:
        for operator, (like, opposite) in _OPERATORS.items():
            for pair in each(condition, operator):
                answer = _holds(store, look(pair, "key"), look(pair, "value"), like=like)
                answers.append(negated(answer) if opposite else answer)
    return all_of(answers)


def _matches(store: Resource, pattern: Any) -> Answer:
    if pattern == "*":
        return True
    arn = store.look("arn")
    if UNKNOWN in (pattern, arn) or arn is ABSENT:
        return None
    return fnmatchcase(str(arn), str(pattern))


def _holds(store: Resource, key: Any, value: Any, *, like: bool) -> Answer:
    tags = store.look("tags")
    if UNKNOWN in (key, value) or tags is UNKNOWN:
        return None
    tag = tags.get(str(key).removeprefix("aws:ResourceTag/")) if isinstance(tags, Mapping) else None
    if tag is UNKNOWN:
        return None
    return tag is not None and (fnmatchcase(str(tag), str(value)) if like else tag == value)
