"""Site-to-site VPN: connections keep the options of their tunnels, and have addresses and keys of their own."""

from __future__ import annotations

import ipaddress
import secrets
from functools import wraps
from typing import Any

_LISTS = (
    *("Phase1EncryptionAlgorithms", "Phase2EncryptionAlgorithms", "Phase1IntegrityAlgorithms", "Phase2IntegrityAlgorithms"),
    *("Phase1DHGroupNumbers", "Phase2DHGroupNumbers", "IKEVersions"),
)
_SPELLING = {"DPDTimeoutSeconds": "DpdTimeoutSeconds", "DPDTimeoutAction": "DpdTimeoutAction", "IKEVersions": "IkeVersions"}
_TUNNELS = 2
_HIDDEN = "****"


def install() -> None:
    """Adds it to moto."""
    from moto.ec2.models.customer_gateways import CustomerGateway
    from moto.ec2.models.vpn_connections import VPNConnection
    from moto.ec2.responses.customer_gateways import CustomerGateways
    from moto.ec2.responses.vpn_connections import VPNConnections

    CustomerGateway.device_name = CustomerGateway.certificate_arn = None
    VPNConnection.pre_shared_key_arn = None
    VPNConnections.create_vpn_connection = _with_options(VPNConnections.create_vpn_connection)
    CustomerGateways.create_customer_gateway = _with_device(CustomerGateways.create_customer_gateway)


def _with_device(original: Any) -> Any:
    @wraps(original)
    def create_customer_gateway(self: Any) -> Any:
        answer = original(self)
        gateway = answer.result["CustomerGateway"]
        gateway.device_name, gateway.certificate_arn = self._get_param("DeviceName"), self._get_param("CertificateArn")
        return answer

    return create_customer_gateway


def _with_options(original: Any) -> Any:
    @wraps(original)
    def create_vpn_connection(self: Any) -> Any:
        answer = original(self)
        connection, backend = answer.result["VpnConnection"], self.ec2_backend
        asked = self._get_param("Options", {})
        tunnels = [*asked.pop("TunnelOptions", []), {}, {}][:_TUNNELS]
        number = len(backend.vpn_connections)
        made = [_tunnel(given, number, position) for position, given in enumerate(tunnels)]
        if self._get_param("PreSharedKeyStorage") == "SecretsManager":
            name = f"s2svpn!{connection.id}-{secrets.token_hex(3)}"
            connection.pre_shared_key_arn = f"arn:aws:secretsmanager:{backend.region_name}:{backend.account_id}:secret:{name}"
            for tunnel in made:
                tunnel["PreSharedKey"] = _HIDDEN
        defaults = {
            "EnableAcceleration": False,
            "StaticRoutesOnly": False,
            "LocalIpv4NetworkCidr": "0.0.0.0/0",
            "RemoteIpv4NetworkCidr": "0.0.0.0/0",
            "OutsideIpAddressType": "PublicIpv4",
            "TunnelInsideIpVersion": "ipv4",
            "TunnelBandwidth": "standard",
        }
        connection.options = {**defaults, **asked, "TunnelOptions": made}
        connection.vgw_telemetry = [
            {"OutsideIpAddress": tunnel["OutsideIpAddress"], "Status": "DOWN", "StatusMessage": "", "AcceptedRouteCount": 0}
            for tunnel in made
        ]
        return answer

    return create_vpn_connection


def _tunnel(given: dict[str, Any], connection: int, position: int) -> dict[str, Any]:
    """A tunnel as AWS gives it back: chosen where it was asked, else with an address inside 169.254.0.0/16 and a key of its own."""
    plain = {_SPELLING.get(name, name): value for name, value in given.items() if name not in _LISTS}
    lists = {_SPELLING.get(name, name): [{"Value": item["Value"]} for item in given[name]] for name in _LISTS if name in given}
    # The first /30 networks are AWS's own.
    network = ipaddress.IPv4Address("169.254.16.0") + 4 * (connection * _TUNNELS + position)
    outside = ipaddress.IPv4Address("198.51.100.0") + (connection * _TUNNELS + position) % 256
    own = {
        "OutsideIpAddress": str(outside),
        "TunnelInsideCidr": f"{network}/30",
        "PreSharedKey": secrets.token_urlsafe(24).replace("-", "."),
    }
    return {**own, **plain, **lists}
