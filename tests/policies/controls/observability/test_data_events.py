"""Stores of personal data whose readers nobody would know."""

from collections.abc import Callable
from typing import Any

import pytest

from policies.values import UNKNOWN
from tests.kit.policies import Changed, Draft, Mutation, catches, leaves_open, lets_pass

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
    draft.add(BUCKET, "more", {"bucket": "more-files", "tags": {**PERSONAL, **tags}}, provider_region="eu-west-1")


def of_no_fields(draft: Draft, fields: Any) -> None:
    """Give the trail one selector with these fields."""
    draft.one(TRAIL).set("advancedEventSelectors", [{"fieldSelectors": fields}])


def unnamed_kind(draft: Draft) -> None:
    resources = [{"values": ["arn:aws:s3"]}, {"values": ["arn:aws:dynamodb"]}]
    draft.one(TRAIL).properties.update(advancedEventSelectors=[], eventSelectors=[{"dataResources": resources}])


def all_tables(draft: Draft, operator: str) -> None:
    found = next(field for field in selector(draft, TABLES) if field["field"] == "resources.ARN")
    del found["startsWiths"]
    found[operator] = ["arn:aws:dynamodb"]


def by_its_provider(draft: Draft) -> None:
    copy = draft.one(BUCKET, "euc1-files-bucket")
    copy.drop("region")
    copy.replace(provider_region="eu-central-1")


def nowhere(draft: Draft) -> None:
    """Leave the stack without a network, and a new bucket in it."""
    for vpc in draft.base.of("aws:ec2/vpc:Vpc"):
        draft.remove(vpc.type, vpc.name)
    another(draft)


CAUGHT = [
    Mutation("a stack without a network has a new bucket", nowhere),
    Mutation("a new bucket holds personal data", another),
    Mutation("a table is new", lambda draft: draft.add(TABLE, "more", {"name": "more", "region": "eu-west-1", "tags": PERSONAL})),
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
    Mutation("a selector has no fields", lambda draft: of_no_fields(draft, [])),
    Mutation("a selector has no category", lambda draft: selector(draft, TABLES).pop(0)),
    Mutation("a selector has no kind", lambda draft: selector(draft, OBJECTS).pop(1)),
    Mutation("selectors of the old kind have no kind", unnamed_kind),
    Mutation("the service itself is selected as if it were a table", lambda draft: all_tables(draft, "equals")),
    Mutation("another service is selected", lambda draft: arns(draft, TABLES, "arn:aws:kinesis")),
]
SPARED = [
    Mutation("a copy is made by a provider of its region", by_its_provider),
    Mutation("all tables are selected", lambda draft: all_tables(draft, "startsWiths")),
    Mutation("a bucket of staging", lambda draft: another(draft, environment="staging")),
    Mutation("a bucket of logs", lambda draft: another(draft, **{"data-class": "logs"})),
    Mutation("every object is selected", everything),
    Mutation("selectors of the old kind have all buckets", of_the_old_kind(["arn:aws:s3"])),
    Mutation("a table is selected by its whole name", exactly),
]
OPEN = [
    Mutation("what is selected is not known yet", lambda draft: arns(draft, OBJECTS, UNKNOWN)),
    Mutation("how it is selected is not known yet", lambda draft: of_no_fields(draft, UNKNOWN)),
    Mutation("a table has no name yet", lambda draft: draft.one(TABLE).set("name", UNKNOWN)),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("LOG-02", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("LOG-02", mutation)


@pytest.mark.parametrize("mutation", OPEN, ids=str)
def test_what_depends_on_an_unknown_is_left_open(mutation: Mutation) -> None:
    leaves_open("LOG-02", mutation)
