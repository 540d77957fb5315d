"""Shorthands for the tests of EC2's types."""

from __future__ import annotations

from typing import Any

from tests.kit.provider import Life, Workbench

VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"
TAGS = {"owner": "platform"}
OTHER_TAGS = {"environment": "production"}
NO_VPC = "vpc-0123456789abcdef0"
NO_GROUP = "sg-0123456789abcdef0"
NO_SUBNET = "subnet-0123456789abcdef0"
NO_TABLE = "rtb-0123456789abcdef0"
NO_ACL = "acl-0123456789abcdef0"
NO_INTERFACE = "eni-0123456789abcdef0"
"""Well-formed ids of things that are not there."""


def a_vpc(workbench: Workbench, **inputs: Any) -> Life:
    """A VPC of 10.1.0.0/16."""
    return workbench.made(VPC, **{"cidrBlock": "10.1.0.0/16", **inputs})


def a_subnet(workbench: Workbench, vpc: str, third: int = 0, zone: str = "a", **inputs: Any) -> Life:
    """A subnet 10.1.<third>.0/24 of that VPC."""
    return workbench.made(
        SUBNET,
        logical=f"subnet-{third}",
        vpcId=vpc,
        cidrBlock=f"10.1.{third}.0/24",
        availabilityZone=f"eu-west-1{zone}",
        **inputs,
    )


def tags_of(life: Life) -> dict[str, str]:
    """The tags that EC2 holds for the resource."""
    found = life.boto("ec2").describe_tags(Filters=[{"Name": "resource-id", "Values": [life.id]}])["Tags"]
    return {tag["Key"]: tag["Value"] for tag in found}
