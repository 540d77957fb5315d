"""Databases that take connections in clear."""

import pytest

from tests.kit.policies import Mutation, catches, lets_pass

INSTANCE = "aws:rds/instance:Instance"
PARAMETERS = "aws:rds/parameterGroup:ParameterGroup"

CAUGHT = [
    Mutation("TLS is not forced", lambda draft: draft.one(PARAMETERS, "database-parameters").set("parameters.0.value", "0")),
    Mutation("nothing is said of TLS", lambda draft: draft.one(PARAMETERS, "database-parameters").drop("parameters.0")),
    Mutation(
        "the database takes the default parameters",
        lambda draft: draft.one(INSTANCE, "database-primary").set("parameterGroupName", "default.postgres17"),
    ),
]
SPARED = [
    Mutation(
        "parameters stand in another order", lambda draft: draft.one(PARAMETERS, "database-parameters").properties["parameters"].reverse()
    ),
    Mutation("a database of another kind stands beside it", lambda draft: draft.add(INSTANCE, "another", {"engine": "mysql"})),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("ENC-02", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("ENC-02", mutation)
