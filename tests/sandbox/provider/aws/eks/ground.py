"""What a cluster stands on, for the tests of EKS."""

from typing import Any

from tests.kit.provider import Life, Workbench

CLUSTER = "aws:eks/cluster:Cluster"
ROLE = "arn:aws:iam::123456789012:role/cluster"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/12345678-1234-1234-1234-123456789012"


def subnets(life: Life) -> list[str]:
    """The default network's subnets, one a zone."""
    return sorted(subnet["SubnetId"] for subnet in life.boto("ec2").describe_subnets()["Subnets"])


def make_cluster(workbench: Workbench, name: str = "estate", **more: Any) -> Life:
    """A cluster that lets API entries in."""
    life = workbench.life(CLUSTER, name=f"{name}-cluster")
    declared = {"accessConfig": {"authenticationMode": "API"}, "version": "1.34", **more}
    life.create(name=name, roleArn=ROLE, vpcConfig={"subnetIds": subnets(life)}, **declared)
    return life
