"""Databases that lie in clear, or under a key of AWS's."""

import pytest

from tests.kit.policies import Draft, Mutation, catches, lets_pass

INSTANCE = "aws:rds/instance:Instance"
CLUSTER = "aws:rds/cluster:Cluster"
BACKUPS = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"


def no_insights(draft: Draft) -> None:
    database = draft.one(INSTANCE, "database-primary")
    database.set("performanceInsightsEnabled", False)
    database.drop("performanceInsightsKmsKeyId")


def unsaid_insights(draft: Draft) -> None:
    database = draft.one(INSTANCE, "database-primary")
    database.drop("performanceInsightsEnabled")
    database.drop("performanceInsightsKmsKeyId")


CAUGHT = [
    Mutation("the database is not encrypted", lambda draft: draft.one(INSTANCE, "database-primary").set("storageEncrypted", False)),
    Mutation("it is encrypted with AWS's key", lambda draft: draft.one(INSTANCE, "database-primary").drop("kmsKeyId")),
    Mutation("its insights are under AWS's key", lambda draft: draft.one(INSTANCE, "database-primary").drop("performanceInsightsKmsKeyId")),
    Mutation("copies of its backups are under AWS's key", lambda draft: draft.one(BACKUPS).set("kmsKeyId", "alias/aws/rds")),
    Mutation("a cluster is not encrypted", lambda draft: draft.add(CLUSTER, "another", {"engine": "aurora-postgresql"})),
]
SPARED = [
    Mutation("there are no insights", no_insights),
    Mutation("nothing is said of insights", unsaid_insights),
    Mutation(
        "the key is another account's",
        lambda draft: draft.one(INSTANCE, "database-primary").set("kmsKeyId", "arn:aws:kms:eu-west-1:210987654321:key/1"),
    ),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("ENC-01", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("ENC-01", mutation)
