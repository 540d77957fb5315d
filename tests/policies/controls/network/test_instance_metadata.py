"""Launch templates that hand out a node's credentials."""

import pytest

from tests.kit.policies import Mutation, catches, lets_pass

TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"

CAUGHT = [
    Mutation("tokens are optional", lambda draft: draft.one(TEMPLATE).set("metadataOptions.httpTokens", "optional")),
    Mutation("nothing is said of metadata", lambda draft: draft.one(TEMPLATE).drop("metadataOptions")),
    Mutation("pods are one hop away", lambda draft: draft.one(TEMPLATE).set("metadataOptions.httpPutResponseHopLimit", 2)),
    Mutation("nodes have public addresses", lambda draft: draft.one(TEMPLATE).set("networkInterfaces.0.associatePublicIpAddress", "true")),
]
SPARED = [
    Mutation("nothing is said of addresses", lambda draft: draft.one(TEMPLATE).set("networkInterfaces", [{"deviceIndex": 0}])),
    Mutation("metadata is off", lambda draft: draft.one(TEMPLATE).set("metadataOptions.httpEndpoint", "disabled")),
    Mutation("interfaces are left to EKS", lambda draft: draft.one(TEMPLATE).drop("networkInterfaces")),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("NET-10", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("NET-10", mutation)
