"""Resources that stand where their data may not be."""

import pytest

from tests.kit.policies import Mutation, catches, lets_pass

BUCKET, ROLE = "aws:s3/bucket:Bucket", "aws:iam/role:Role"

CAUGHT = [
    Mutation("files of Europe are in the United States", lambda draft: draft.one(BUCKET, "files-bucket").set("region", "us-west-2")),
    Mutation("a copy moves on to another region", lambda draft: draft.one(BUCKET, "euc1-files-bucket").set("region", "ap-southeast-2")),
    Mutation("a region is none", lambda draft: draft.one(BUCKET, "files-bucket").set("region", "eu-nowhere-1")),
    Mutation(
        "a provider stands elsewhere",
        lambda draft: draft.add("aws:ec2/subnet:Subnet", "far", {"availabilityZone": "us-west-2a"}, provider_region="eu-west-1"),
    ),
]
SPARED = [
    Mutation("a region is named that is its own", lambda draft: draft.one(BUCKET, "files-bucket").set("region", "eu-west-1")),
    Mutation("a copy is in a region of the register", lambda draft: draft.one(BUCKET, "files-bucket").set("region", "eu-central-1")),
    Mutation("a role stands nowhere", lambda draft: draft.add(ROLE, "another", {"region": "us-west-2"}, provider_region="eu-west-1")),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("RES-01", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("RES-01", mutation)
