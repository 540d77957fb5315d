"""Resources that say nothing of themselves, or something that means nothing."""

import importlib.util
import re
from pathlib import Path

import pytest

from policies.controls.tagging._taggable import TAGGABLE
from tests.kit.policies import STACKS, Draft, Mutation, catches, lets_pass, shipped

BUCKET, QUEUE = "aws:s3/bucket:Bucket", "aws:sqs/queue:Queue"


def defaults(draft: Draft) -> None:
    bucket = draft.one(BUCKET, "files-bucket")
    bucket.set("tagsAll", bucket.properties["tags"])
    bucket.drop("tags")


CAUGHT = [
    Mutation("a bucket has no tags", lambda draft: draft.one(BUCKET, "files-bucket").drop("tags")),
    Mutation("a bucket does not say what it holds", lambda draft: draft.one(BUCKET, "files-bucket").drop("tags.data-class")),
    Mutation("a class of data is none", lambda draft: draft.one(BUCKET, "files-bucket").set("tags.data-class", "secret")),
    Mutation("an environment is none", lambda draft: draft.one(BUCKET, "files-bucket").set("tags.environment", "prod")),
    Mutation("nobody owns it", lambda draft: draft.one(BUCKET, "files-bucket").set("tags.owner", "")),
    Mutation("a tag is spelt another way", lambda draft: draft.one(BUCKET, "files-bucket").set("tags.Owner", "platform")),
    Mutation("another queue has no tags", lambda draft: draft.add(QUEUE, "another", {"name": "another"})),
]
SPARED = [
    Mutation("a tenant is named", lambda draft: draft.one(BUCKET, "files-bucket").set("tags.tenant", "morefocus-europe")),
    Mutation("the provider's tags are the resource's", defaults),
    Mutation(
        "a tag is of Kubernetes",
        lambda draft: draft.one(BUCKET, "files-bucket").properties["tags"].update({"kubernetes.io/cluster/one": "owned"}),
    ),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("TAG-01", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("TAG-01", mutation)


def takes_tags(type_: str) -> bool:
    """Read the SDK's source: importing all of its classes takes a minute."""
    found = importlib.util.find_spec("pulumi_aws")
    assert found and found.origin
    service = type_.split(":")[1].partition("/")[0]
    folder = Path(found.origin).parent / {"lambda": "lambda_"}.get(service, service)
    source = next(text for path in sorted(folder.glob("*.py")) if f"'{type_}'" in (text := path.read_text(encoding="utf-8")))
    return re.search(r"^\s+tags: [^\n]*Mapping\[", source, re.MULTILINE) is not None


def test_every_type_of_the_estate_that_can_have_tags_is_asked_for_them() -> None:
    types = {type_ for stack in STACKS for type_ in shipped(stack).types if type_.startswith("aws:")}
    assert {type_ for type_ in types if takes_tags(type_)} == TAGGABLE & types
