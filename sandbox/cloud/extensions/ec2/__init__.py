"""EC2: what a network remembers of its parts, and what ends along with what."""

from __future__ import annotations


def install() -> None:
    """Adds it to moto."""
    from sandbox.cloud.extensions.ec2 import (
        addresses,
        endpoints,
        flow_logs,
        networks,
        prefix_lists,
        security_groups,
        templates,
        transit_gateways,
        vpn,
    )

    for module in (addresses, endpoints, flow_logs, networks, prefix_lists, security_groups, templates, transit_gateways, vpn):
        module.install()
