"""Stores of personal data whose readers nobody would know."""

from collections.abc import Callable
from typing import Any

import pytest

from policies.values import UNKNOWN
from tests.kit.policies import Changed, Draft, Mutation, catches, lets_pass

TRAIL, BUCKET, TABLE = "aws:cloudtrail/trail:Trail", "aws:s3/bucket:Bucket", "aws:dynamodb/table:Table"
OBJECTS, TABLES = "AWS::S3::Object", "AWS::DynamoDB::Table"
PERSONAL = {"data-class": "personal"}


def selector(draft: Draft, kind: str) -> list[dict[str, Any]]:
    """Return the fields by which data events of a kind are selected."""
    for found in draft.one(TRAIL).properties["advancedEventSelectors"]:
        if any(field.get("equals") == [kind] for field in found["fieldSelectors"]):
            fields: list[dict[str, Any]] = found["fieldSelectors"]
            return fields
    raise AssertionError(kind)


def arns(draft: Draft, kind: str, *beginnings: Any) -> None:
    next(field for field in selector(draft, kind) if field["field"] == "resources.ARN")["startsWiths"] = list(beginnings)


def only(draft: Draft, kind: str, **field: Any) -> None:
    selector(draft, kind).append(field)


def of_the_old_kind(values: list[Any], **more: str) -> Callable[[Draft], None]:
    """Return a change to selectors of the old kind, which record objects of these ARNs, and all tables."""

    def change(draft: Draft) -> None:
        resources = [{"type": OBJECTS, "values": values}, {"type": TABLES, "values": ["arn:aws:dynamodb"]}]
        draft.one(TRAIL).properties.update(advancedEventSelectors=[], eventSelectors=[{"dataResources": resources, **more}])

    return change


def exactly(draft: Draft, name: str = "") -> None:
    found = next(field for field in selector(draft, TABLES) if field["field"] == "resources.ARN")
    found["equals"] = [f"arn:aws:dynamodb:eu-west-1:123456789012:table/{name or draft.one(TABLE).properties['name']}"]
    del found["startsWiths"]


def everything(draft: Draft) -> None:
    fields = selector(draft, OBJECTS)
    fields[:] = [field for field in fields if field["field"] != "resources.ARN"]


def files(draft: Draft) -> Changed:
    return draft.one(BUCKET, "files-bucket")


def another(draft: Draft, **tags: str) -> None:
    draft.add(BUCKET, "more", {"bucket": "more-files", "arn": "arn:aws:s3:::more-files", "tags": {**PERSONAL, **tags}})


CAUGHT = [
    Mutation("a new bucket holds personal data", another),
    Mutation("a table is new", lambda draft: draft.add(TABLE, "more", {"name": "more", "tags": PERSONAL})),
    Mutation(
        "a bucket has another name", lambda draft: files(draft).properties.update(bucket="other-files", arn="arn:aws:s3:::other-files")
    ),
    Mutation("objects are not selected", lambda draft: selector(draft, OBJECTS)[1].update(equals=["AWS::S3Express::Object"])),
    Mutation("tables are not selected", lambda draft: arns(draft, TABLES, "arn:aws:dynamodb:eu-west-1:1:table/another")),
    Mutation("a table is selected whose name only begins alike", lambda draft: exactly(draft, "morefocus-prod-euw1-scheduling")),
    Mutation("a folder alone is selected", lambda draft: arns(draft, OBJECTS, "arn:aws:s3:::morefocus-prod-euw1-files/invoices/")),
    Mutation("writes alone are selected", lambda draft: only(draft, OBJECTS, field="readOnly", equals=["false"])),
    Mutation("management is selected instead", lambda draft: selector(draft, TABLES)[0].update(equals=["Management"])),
    Mutation("there is no trail", lambda draft: draft.remove(TRAIL)),
    Mutation("selectors of the old kind leave a bucket out", of_the_old_kind(["arn:aws:s3:::others/"])),
    Mutation("selectors of the old kind have writes alone", of_the_old_kind(["arn:aws:s3"], readWriteType="WriteOnly")),
]
SPARED = [
    Mutation("a bucket of staging", lambda draft: another(draft, environment="staging")),
    Mutation("a bucket of logs", lambda draft: another(draft, **{"data-class": "logs"})),
    Mutation("every object is selected", everything),
    Mutation("what is selected is not known yet", lambda draft: arns(draft, OBJECTS, UNKNOWN)),
    Mutation("selectors of the old kind have all buckets", of_the_old_kind(["arn:aws:s3"])),
    Mutation("a table is selected by its whole name", exactly),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("LOG-02", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("LOG-02", mutation)
