"""Site-to-site VPN: the device on the other side, and the connection to it."""

from __future__ import annotations

import ipaddress
from typing import Any

from sandbox.provider import tagging
from sandbox.provider.aws.ec2.common import given, lacking, network_failures, retag, tagged
from sandbox.provider.aws.ec2.transit_gateway import alive
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler, Support
from sandbox.provider.values import UNKNOWN, Properties, Secret


class CustomerGateway(Handler):
    """What AWS is told of a VPN device outside it."""

    token = "aws:ec2/customerGateway:CustomerGateway"
    create_only = frozenset({"bgpAsn", "bgpAsnExtended", "certificateArn", "deviceName", "ipAddress", "type"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        found, address = [], inputs.get("ipAddress")
        if address in (None, "") and not inputs.get("certificateArn"):
            found.append(Failure("ipAddress", "required unless certificateArn is given: the device's address"))
        if address not in (None, "", UNKNOWN) and not _is_address(address):
            found.append(Failure("ipAddress", f"must be an IP address (got {address!r})"))
        if inputs.get("bgpAsn") and inputs.get("bgpAsnExtended"):
            found.append(Failure("bgpAsnExtended", "give bgpAsn or bgpAsnExtended, not both"))
        return found

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        asn = inputs.get("bgpAsn") or inputs.get("bgpAsnExtended")
        made = call.client("ec2").create_customer_gateway(
            Type=inputs["type"],
            **given(
                BgpAsn=int(asn) if asn else None,
                IpAddress=inputs.get("ipAddress"),
                CertificateArn=inputs.get("certificateArn"),
                DeviceName=inputs.get("deviceName"),
            ),
            **tagged("customer-gateway", inputs["tagsAll"]),
        )["CustomerGateway"]
        return made["CustomerGatewayId"], self._computed(call, made["CustomerGatewayId"])

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        gateway = self._find(call, resource_id)
        if gateway is None:
            return None
        asn = str(gateway.get("BgpAsn", ""))
        return self._computed(call, resource_id) | {
            "bgpAsnExtended" if state.get("bgpAsnExtended") else "bgpAsn": asn,
            "certificateArn": gateway.get("CertificateArn", ""),
            "deviceName": gateway.get("DeviceName", ""),
            "ipAddress": gateway.get("IpAddress", ""),
            "type": gateway["Type"],
            "tags": tagging.mapping(gateway.get("Tags")),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        retag(call, resource_id, old, new)
        return self._computed(call, resource_id)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        if self._find(call, resource_id) is not None:
            call.client("ec2").delete_customer_gateway(CustomerGatewayId=resource_id)

    def _find(self, call: Call, gateway_id: str) -> Properties | None:
        return alive(call.client("ec2").describe_customer_gateways(CustomerGatewayIds=[gateway_id])["CustomerGateways"])

    def _computed(self, call: Call, gateway_id: str) -> Properties:
        return {"arn": call.arn("ec2", f"customer-gateway/{gateway_id}")}


_OPTIONS = {
    "enableAcceleration": "EnableAcceleration",
    "localIpv4NetworkCidr": "LocalIpv4NetworkCidr",
    "outsideIpAddressType": "OutsideIpAddressType",
    "remoteIpv4NetworkCidr": "RemoteIpv4NetworkCidr",
    "staticRoutesOnly": "StaticRoutesOnly",
    "tunnelBandwidth": "TunnelBandwidth",
    "tunnelInsideIpVersion": "TunnelInsideIpVersion",
}
_PLAIN = {
    "DpdTimeoutAction": "DPDTimeoutAction",
    "DpdTimeoutSeconds": "DPDTimeoutSeconds",
    "EnableTunnelLifecycleControl": "EnableTunnelLifecycleControl",
    "InsideCidr": "TunnelInsideCidr",
    "Phase1LifetimeSeconds": "Phase1LifetimeSeconds",
    "Phase2LifetimeSeconds": "Phase2LifetimeSeconds",
    "PresharedKey": "PreSharedKey",
    "RekeyFuzzPercentage": "RekeyFuzzPercentage",
    "RekeyMarginTimeSeconds": "RekeyMarginTimeSeconds",
    "ReplayWindowSize": "ReplayWindowSize",
    "StartupAction": "StartupAction",
}
_LISTS = {
    "IkeVersions": "IKEVersions",
    "Phase1DhGroupNumbers": "Phase1DHGroupNumbers",
    "Phase1EncryptionAlgorithms": "Phase1EncryptionAlgorithms",
    "Phase1IntegrityAlgorithms": "Phase1IntegrityAlgorithms",
    "Phase2DhGroupNumbers": "Phase2DHGroupNumbers",
    "Phase2EncryptionAlgorithms": "Phase2EncryptionAlgorithms",
    "Phase2IntegrityAlgorithms": "Phase2IntegrityAlgorithms",
}
_TOLD_BACK = {"DPDTimeoutAction": "DpdTimeoutAction", "DPDTimeoutSeconds": "DpdTimeoutSeconds", "IKEVersions": "IkeVersions"}
_LOGS = {
    "logEnabled": "LogEnabled",
    "logGroupArn": "LogGroupArn",
    "logOutputFormat": "LogOutputFormat",
    "bgpLogEnabled": "BgpLogEnabled",
    "bgpLogGroupArn": "BgpLogGroupArn",
    "bgpLogOutputFormat": "BgpLogOutputFormat",
}
_TUNNELS = (1, 2)


class VpnConnection(Handler):
    """Two IPsec tunnels between a gateway of AWS and a device outside it."""

    token = "aws:ec2/vpnConnection:VpnConnection"
    support = Support.PARTLY
    gap = "options of a connection and of its tunnels cannot be changed in place: the emulated cloud keeps those of its creation"
    create_only = frozenset(
        {
            *("customerGatewayId", "enableAcceleration", "outsideIpAddressType", "staticRoutesOnly", "transportTransitGatewayAttachmentId"),
            *(
                "presharedKeyStorage",
                "transitGatewayId",
                "tunnelBandwidth",
                "tunnelInsideIpVersion",
                "type",
                "vpnGatewayId",
                "vpnConcentratorId",
            ),
            *("localIpv4NetworkCidr", "localIpv6NetworkCidr", "remoteIpv4NetworkCidr", "remoteIpv6NetworkCidr"),
            *(f"tunnel{number}InsideCidr" for number in _TUNNELS),
            *(f"tunnel{number}InsideIpv6Cidr" for number in _TUNNELS),
        }
    )
    unordered = frozenset(f"tunnel{number}{name}" for number in _TUNNELS for name in _LISTS)

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        found = lacking(
            inputs, {"vpnConcentratorId": "VPN concentrators", "transportTransitGatewayAttachmentId": "VPN over Direct Connect"}
        )
        gateways = [name for name in ("transitGatewayId", "vpnGatewayId") if inputs.get(name)]
        if len(gateways) != 1:
            found.append(
                Failure("transitGatewayId", f"exactly one of transitGatewayId, vpnGatewayId must be given (got {gateways or 'none'})")
            )
        for number in _TUNNELS:
            name = f"tunnel{number}InsideCidr"
            found += network_failures(name, inputs.get(name), smallest=30, largest=30)
        return found

    def preview(self, call: Call, inputs: Properties) -> Properties:
        stored = inputs.get("presharedKeyStorage", "Standard")
        return {"presharedKeyStorage": stored} | ({"presharedKeyArn": ""} if stored == "Standard" else {})

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        ec2 = call.client("ec2")
        options = given(**{api: inputs.get(wire) for wire, api in _OPTIONS.items()})
        made = ec2.create_vpn_connection(
            CustomerGatewayId=inputs["customerGatewayId"],
            Type=inputs["type"],
            Options=options | {"TunnelOptions": [_tunnel(inputs, number) for number in _TUNNELS]},
            **given(
                TransitGatewayId=inputs.get("transitGatewayId"),
                VpnGatewayId=inputs.get("vpnGatewayId"),
                PreSharedKeyStorage=inputs.get("presharedKeyStorage"),
            ),
            **tagged("vpn-connection", inputs["tagsAll"]),
        )["VpnConnection"]
        return made["VpnConnectionId"], self._computed(call, made, inputs)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        found = alive(call.client("ec2").describe_vpn_connections(VpnConnectionIds=[resource_id])["VpnConnections"])
        if found is None:
            return None
        return self._computed(call, found, state) | {
            "customerGatewayId": found["CustomerGatewayId"],
            "transitGatewayId": found.get("TransitGatewayId", ""),
            "type": found["Type"],
            "vpnGatewayId": found.get("VpnGatewayId", ""),
            "tags": tagging.mapping(found.get("Tags")),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        retag(call, resource_id, old, new)
        return {key: value for key, value in old.items() if key not in new and key not in ("tags", "tagsAll")}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("ec2").delete_vpn_connection(VpnConnectionId=resource_id)

    def _computed(self, call: Call, found: Properties, known: Properties) -> Properties:
        options, connection = found["Options"], found["VpnConnectionId"]
        outputs: Properties = {
            "arn": call.arn("ec2", f"vpn-connection/{connection}"),
            "coreNetworkArn": "",
            "coreNetworkAttachmentArn": "",
            "customerGatewayConfiguration": Secret(found.get("CustomerGatewayConfiguration", "")),
            "localIpv6NetworkCidr": "",
            "presharedKeyArn": found.get("PreSharedKeyArn", ""),
            "presharedKeyStorage": "SecretsManager" if found.get("PreSharedKeyArn") else "Standard",
            "remoteIpv6NetworkCidr": "",
            "routes": [],
            "transitGatewayAttachmentId": self._attachment(call, connection) if found.get("TransitGatewayId") else "",
            "vgwTelemetries": [_telemetry(item) for item in found.get("VgwTelemetry", [])],
            **{wire: options[api] for wire, api in _OPTIONS.items() if api in options},
        }
        for number, tunnel in zip(_TUNNELS, options["TunnelOptions"], strict=True):
            outputs |= _told(number, tunnel, known)
        return outputs

    def _attachment(self, call: Call, connection: str) -> str:
        found = call.client("ec2").describe_transit_gateway_attachments(Filters=[{"Name": "resource-id", "Values": [connection]}])
        return str(found["TransitGatewayAttachments"][0]["TransitGatewayAttachmentId"])


def _tunnel(inputs: Properties, number: int) -> Properties:
    """What is asked of one of the two tunnels."""
    plain = given(**{api: inputs.get(f"tunnel{number}{wire}") for wire, api in _PLAIN.items()})
    lists = {api: [{"Value": item} for item in inputs.get(f"tunnel{number}{wire}", [])] for wire, api in _LISTS.items()}
    logs = (inputs.get(f"tunnel{number}LogOptions") or {}).get("cloudwatchLogOptions") or {}
    wanted = {api: logs[wire] for wire, api in _LOGS.items() if wire in logs}
    return plain | given(**lists) | ({"LogOptions": {"CloudWatchLogOptions": wanted}} if wanted else {})


def _told(number: int, tunnel: Properties, known: Properties) -> Properties:
    """One tunnel's outputs; what the program leaves to AWS stays out of what it declares."""
    inside = ipaddress.IPv4Network(tunnel["TunnelInsideCidr"])
    logs = tunnel.get("LogOptions", {}).get("CloudWatchLogOptions", {})
    outputs: Properties = {
        "Address": tunnel["OutsideIpAddress"],
        "BgpAsn": "64512",
        "BgpHoldtime": 30,
        "CgwInsideAddress": str(inside[2]),
        "InsideCidr": str(inside),
        "InsideIpv6Cidr": "",
        "LogOptions": {"cloudwatchLogOptions": {wire: logs[api] for wire, api in _LOGS.items() if api in logs}},
        "PresharedKey": Secret(tunnel["PreSharedKey"]),
        "VgwInsideAddress": str(inside[1]),
    }
    for wire, api in _PLAIN.items():
        told = _TOLD_BACK.get(api, api)
        if wire not in outputs and told in tunnel:
            outputs[wire] = tunnel[told]
    for wire, api in _LISTS.items():
        told = _TOLD_BACK.get(api, api)
        if told in tunnel and (tunnel[told] or f"tunnel{number}{wire}" in known):
            outputs[wire] = [item["Value"] for item in tunnel[told]]
    return {f"tunnel{number}{name}": value for name, value in outputs.items()}


def _telemetry(item: Properties) -> Properties:
    return {
        "acceptedRouteCount": item.get("AcceptedRouteCount", 0),
        "certificateArn": item.get("CertificateArn", ""),
        "lastStatusChange": "",
        "outsideIpAddress": item["OutsideIpAddress"],
        "status": item["Status"],
        "statusMessage": item.get("StatusMessage", ""),
    }


def _is_address(text: Any) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
