"""Tables under AWS's key."""

import pytest

from tests.kit.policies import Mutation, catches, lets_pass

TABLE = "aws:dynamodb/table:Table"
REPLICA = "aws:dynamodb/tableReplica:TableReplica"

CAUGHT = [
    Mutation("the table is under AWS's own key", lambda draft: draft.one(TABLE).drop("serverSideEncryption")),
    Mutation("the table is under AWS's KMS key", lambda draft: draft.one(TABLE).drop("serverSideEncryption.kmsKeyArn")),
    Mutation("a copy is under AWS's key", lambda draft: draft.one(REPLICA).drop("kmsKeyArn")),
    Mutation(
        "a copy written in the table is under AWS's key", lambda draft: draft.one(TABLE).set("replicas", [{"regionName": "eu-central-1"}])
    ),
]
SPARED = [
    Mutation(
        "a copy written in the table has a key",
        lambda draft: draft.one(TABLE).set("replicas", [{"regionName": "eu-central-1", "kmsKeyArn": "arn:aws:kms:x"}]),
    ),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("ENC-06", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("ENC-06", mutation)
