"""What AWS would answer for the resources of a network."""

from typing import Any

from tests.kit.recorder import computed_outputs


def computed(type_: str, name: str, inputs: dict[str, Any]) -> dict[str, Any]:
    """Return the outputs that other resources read."""
    more = {
        "aws:ec2/vpc:Vpc": {"defaultNetworkAclId": "default-acl", "defaultRouteTableId": "default-table"},
        "aws:ec2/eip:Eip": {"allocationId": f"{name}-allocation"},
        "aws:ec2/natGateway:NatGateway": {"publicIp": f"{name}-ip"},
        "aws:ec2/vpcEndpoint:VpcEndpoint": {"prefixListId": f"{name}-prefixes"},
    }
    return computed_outputs(type_, name, inputs) | more.get(type_, {})
