"""Keys that stay as they are for ever, vanish in a week, or obey everybody."""

import pytest

from tests.kit.policies import Draft, Mutation, catches, lets_pass

KEY = "aws:kms/key:Key"
EVERYBODY = '{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}}'
NARROW = (
    '{"Statement": {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:*",'
    ' "Condition": {"StringEquals": {"kms:CallerAccount": "1"}}}}'
)


def signing(draft: Draft) -> None:
    key = draft.one(KEY, "keys-personal-key")
    key.set("enableKeyRotation", False)
    key.set("keyUsage", "SIGN_VERIFY")


CAUGHT = [
    Mutation("a key does not rotate", lambda draft: draft.one(KEY, "keys-personal-key").set("enableKeyRotation", False)),
    Mutation("nothing is said of rotation", lambda draft: draft.one(KEY, "keys-personal-key").drop("enableKeyRotation")),
    Mutation("a key is gone in a week", lambda draft: draft.one(KEY, "keys-personal-key").set("deletionWindowInDays", 7)),
    Mutation("a key serves no class of data", lambda draft: draft.one(KEY, "keys-personal-key").drop("tags.data-class")),
    Mutation("a key obeys everybody", lambda draft: draft.one(KEY, "keys-personal-key").set("policy", EVERYBODY)),
]
SPARED = [
    Mutation("a key signs, and cannot rotate", signing),
    Mutation(
        "the window is left to AWS, which waits 30 days", lambda draft: draft.one(KEY, "keys-personal-key").drop("deletionWindowInDays")
    ),
    Mutation("everybody of one account is named", lambda draft: draft.one(KEY, "keys-personal-key").set("policy", NARROW)),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("ENC-10", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("ENC-10", mutation)
