"""A site-to-site VPN by which administrators of an office reach the private Kubernetes API (NET-6, SEC-5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Any

import pulumi
from pulumi_aws.cloudwatch.log_group import LogGroup
from pulumi_aws.cloudwatch.metric_alarm import MetricAlarm
from pulumi_aws.ec2.customer_gateway import CustomerGateway
from pulumi_aws.ec2.vpn_connection import VpnConnection
from pulumi_aws.ec2transitgateway.route import Route
from pulumi_aws.ec2transitgateway.route_table_association import RouteTableAssociation
from pulumi_aws.vpc.security_group_ingress_rule import SecurityGroupIngressRule

from components._base import Component, Context
from components._base.log_retention import check_retention
from config.vocabulary import DataClass

ENCRYPTION = ("AES256-GCM-16",)
INTEGRITY = ("SHA2-384", "SHA2-512")
GROUPS = (19, 20, 21)
"""Elliptic curves of NIST P-256, P-384 and P-521, in both phases, so that each key is drawn anew.
Source: https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html"""
_STATIC_ASN = 65000
"""What AWS takes for a device that routes statically; nothing uses it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteVpnArgs:
    """The office, and where it comes in.

    Raises ValueError when the address is none that the internet routes, without a network, for an ASN out of range, and
    for a retention that does not exist.
    """

    gateway_id: pulumi.Input[str]
    """Transit gateway."""
    core_table_id: pulumi.Input[str]
    """Table that the region's VPC follows, which answers the office."""
    vpn_table_id: pulumi.Input[str]
    """Table that offices follow."""
    address: str
    """Public IPv4 address of the office's device."""
    networks: Sequence[str]
    """Private CIDRs of the office; the first is part of no name, so that it may change in place."""
    api_security_group_id: pulumi.Input[str]
    """Guards the Kubernetes API: opened to the office on 443."""
    log_key_arn: pulumi.Input[str]
    alert_topic_arn: pulumi.Input[str]
    bgp_asn: int | None = None
    """Of a device that speaks BGP, which notices a dead tunnel sooner; None for static routes."""
    log_retention_days: int = 365

    def __post_init__(self) -> None:
        if not IPv4Address(self.address).is_global:
            raise ValueError(f"address must be public (got {self.address})")
        if not self.networks:
            raise ValueError("networks must name at least one network of the office")
        if self.bgp_asn is not None and not 1 <= self.bgp_asn <= 4294967295:
            raise ValueError(f"bgp_asn must be 1 to 4294967295 (got {self.bgp_asn})")
        check_retention("log_retention_days", self.log_retention_days)


class SiteVpn(Component, token="network:SiteVpn"):
    """Two IPsec tunnels to an office, logged and watched.

    IKEv2 with authenticated AES-256 only. AWS draws the pre-shared keys and keeps them in Secrets Manager: neither the
    program nor its state ever holds one.
    """

    connection_id: pulumi.Output[str]
    tunnel_addresses: pulumi.Output[list[str]]
    """Where the office's device connects to."""
    preshared_key_arn: pulumi.Output[str]
    """Secret with the keys, for whoever sets the device up."""

    def __init__(self, name: str, context: Context, args: SiteVpnArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        connection = self._connection()
        self._routes(connection)
        self._alarm(connection, "down", "Maximum", 0, "The office reaches the region by neither tunnel")
        # Between 0 and 1 one of the two is down.
        self._alarm(connection, "degraded", "Minimum", 0.9, "One of the two tunnels is down: the next fault cuts the office off")
        self.connection_id = connection.id
        self.tunnel_addresses = pulumi.Output.all(connection.tunnel1_address, connection.tunnel2_address)
        self.preshared_key_arn = connection.preshared_key_arn
        self.publish()

    def _connection(self) -> VpnConnection:
        name, args = self._component, self._args
        device = CustomerGateway(
            f"{name}-device",
            type="ipsec.1",
            ip_address=args.address,
            bgp_asn=str(args.bgp_asn or _STATIC_ASN),
            tags=self.tags(DataClass.OPERATIONAL, name=f"{name}-device"),
            opts=self.child(),
        )
        logs = LogGroup(
            f"{name}-logs",
            name=self.context.physical(name, limit=512),
            kms_key_id=args.log_key_arn,
            retention_in_days=args.log_retention_days,
            tags=self.tags(DataClass.LOGS, name=f"{name}-logs"),
            opts=self.child(),
        )
        logged: Any = {"cloudwatch_log_options": {"log_enabled": True, "log_group_arn": logs.arn, "log_output_format": "json"}}
        return VpnConnection(
            f"{name}-connection",
            customer_gateway_id=device.id,
            transit_gateway_id=args.gateway_id,
            type="ipsec.1",
            static_routes_only=args.bgp_asn is None,
            preshared_key_storage="SecretsManager",
            tunnel1_ike_versions=["ikev2"],
            tunnel1_phase1_encryption_algorithms=list(ENCRYPTION),
            tunnel1_phase2_encryption_algorithms=list(ENCRYPTION),
            tunnel1_phase1_integrity_algorithms=list(INTEGRITY),
            tunnel1_phase2_integrity_algorithms=list(INTEGRITY),
            tunnel1_phase1_dh_group_numbers=list(GROUPS),
            tunnel1_phase2_dh_group_numbers=list(GROUPS),
            tunnel1_startup_action="start",
            tunnel1_dpd_timeout_action="restart",
            tunnel1_log_options=logged,
            tunnel2_ike_versions=["ikev2"],
            tunnel2_phase1_encryption_algorithms=list(ENCRYPTION),
            tunnel2_phase2_encryption_algorithms=list(ENCRYPTION),
            tunnel2_phase1_integrity_algorithms=list(INTEGRITY),
            tunnel2_phase2_integrity_algorithms=list(INTEGRITY),
            tunnel2_phase1_dh_group_numbers=list(GROUPS),
            tunnel2_phase2_dh_group_numbers=list(GROUPS),
            tunnel2_startup_action="start",
            tunnel2_dpd_timeout_action="restart",
            tunnel2_log_options=logged,
            tags=self.tags(DataClass.OPERATIONAL, name=f"{name}-connection"),
            opts=self.child(
                additional_secret_outputs=["customerGatewayConfiguration", "tunnel1PresharedKey", "tunnel2PresharedKey"],
            ),
        )

    def _routes(self, connection: VpnConnection) -> None:
        name, args = self._component, self._args
        RouteTableAssociation(
            f"{name}-segment",
            transit_gateway_attachment_id=connection.transit_gateway_attachment_id,
            transit_gateway_route_table_id=args.vpn_table_id,
            opts=self.child(),
        )
        for position, network in enumerate(args.networks):
            logical = name if position == 0 else f"{name}-{chr(ord('a') + position)}"
            Route(
                f"{logical}-route",
                transit_gateway_route_table_id=args.core_table_id,
                destination_cidr_block=network,
                transit_gateway_attachment_id=connection.transit_gateway_attachment_id,
                opts=self.child(),
            )
            SecurityGroupIngressRule(
                f"{logical}-to-api",
                security_group_id=args.api_security_group_id,
                cidr_ipv4=network,
                ip_protocol="tcp",
                from_port=443,
                to_port=443,
                description="Kubernetes API from an office by VPN",
                tags=self.tags(DataClass.OPERATIONAL, name=f"{logical}-to-api"),
                opts=self.child(),
            )

    def _alarm(self, connection: VpnConnection, what: str, statistic: str, threshold: float, description: str) -> None:
        """Source: https://docs.aws.amazon.com/vpn/latest/s2svpn/monitoring-cloudwatch-vpn.html."""
        logical = f"{self._component}-{what}"
        MetricAlarm(
            logical,
            name=self.context.physical(logical, limit=255),
            alarm_description=description,
            namespace="AWS/VPN",
            metric_name="TunnelState",
            dimensions={"VpnId": connection.id},
            statistic=statistic,
            period=300,
            evaluation_periods=1,
            comparison_operator="LessThanOrEqualToThreshold",
            threshold=threshold,
            treat_missing_data="breaching",
            alarm_actions=[self._args.alert_topic_arn],
            ok_actions=[self._args.alert_topic_arn],
            tags=self.tags(DataClass.OPERATIONAL, name=logical),
            opts=self.child(),
        )
