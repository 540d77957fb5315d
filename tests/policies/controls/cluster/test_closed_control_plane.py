"""Clusters that more can reach, enter or see than should."""

from typing import Any

import pytest

from policies.values import UNKNOWN
from tests.kit.policies import Draft, Mutation, catches, leaves_open, lets_pass

CLUSTER, NODES = "aws:eks/cluster:Cluster", "aws:eks/nodeGroup:NodeGroup"
ENTRY, ACCESS = "aws:eks/accessEntry:AccessEntry", "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"
SUBNET = "aws:ec2/subnet:Subnet"
USER = "arn:aws:iam::123456789012:user/somebody"


def not_placed(draft: Draft) -> None:
    nodes = draft.one(NODES)
    nodes.replace(property_dependencies={})
    nodes.set("subnetIds", UNKNOWN)


def opened(draft: Draft, *cidrs: Any) -> None:
    draft.one(CLUSTER).properties["vpcConfig"].update(endpointPublicAccess=True, publicAccessCidrs=list(cidrs))


def public_subnet(draft: Draft) -> str:
    return str(next(subnet for subnet in draft.base.of(SUBNET) if "public" in subnet.name).properties["id"])


def addressed(draft: Draft) -> None:
    first = draft.one(NODES).properties["subnetIds"][0]
    next(subnet for subnet in draft.all(SUBNET) if subnet.properties["id"] == first).set("mapPublicIpOnLaunch", True)


CAUGHT = [
    Mutation("the endpoint is open to all", lambda draft: opened(draft, "0.0.0.0/0")),
    Mutation("the endpoint is open to all, in two halves", lambda draft: opened(draft, "0.0.0.0/1", "128.0.0.0/1")),
    Mutation("the endpoint is open to whom AWS likes", opened),
    Mutation("the endpoint is left as AWS opens it", lambda draft: draft.one(CLUSTER).drop("vpcConfig.endpointPublicAccess")),
    Mutation("nodes reach the endpoint by the internet", lambda draft: draft.one(CLUSTER).set("vpcConfig.endpointPrivateAccess", False)),
    Mutation("a map in the cluster lets people in", lambda draft: draft.one(CLUSTER).set("accessConfig.authenticationMode", "CONFIG_MAP")),
    Mutation(
        "who made the cluster administers it",
        lambda draft: draft.one(CLUSTER).drop("accessConfig.bootstrapClusterCreatorAdminPermissions"),
    ),
    Mutation("a node stands in a public subnet", lambda draft: draft.one(NODES).properties["subnetIds"].append(public_subnet(draft))),
    Mutation("a subnet of nodes gives out public addresses", addressed),
    Mutation("nodes are entered by SSH", lambda draft: draft.one(NODES).set("remoteAccess", {"ec2SshKey": "somebody"})),
    Mutation("nobody is named who enters", lambda draft: draft.one(ENTRY).drop("principalArn")),
    Mutation("a network is half of a half of the internet", lambda draft: opened(draft, "64.0.0.0/7")),
    Mutation("a user enters", lambda draft: draft.one(ENTRY).set("principalArn", USER)),
    Mutation("a user administers", lambda draft: draft.one(ACCESS).set("principalArn", USER)),
]
SPARED = [
    Mutation("an office reaches the endpoint", lambda draft: opened(draft, "203.0.113.0/24", "2001:db8::/32")),
    Mutation("a company of the largest reaches the endpoint", lambda draft: opened(draft, "17.0.0.0/8")),
    Mutation("nodes stand in another stack's subnet", lambda draft: draft.one(NODES).set("subnetIds", ["subnet-0abc"])),
]
OPEN = [
    Mutation("who reaches the endpoint is not known yet", lambda draft: opened(draft, UNKNOWN)),
    Mutation("where nodes stand is not known yet", not_placed),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("K8S-01", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("K8S-01", mutation)


@pytest.mark.parametrize("mutation", OPEN, ids=str)
def test_what_depends_on_an_unknown_is_left_open(mutation: Mutation) -> None:
    leaves_open("K8S-01", mutation)
