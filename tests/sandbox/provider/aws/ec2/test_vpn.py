"""Customer gateways and VPN connections against the emulated cloud."""

from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Life, Workbench
from tests.sandbox.provider.aws.ec2.kit import OTHER_TAGS, TAGS, tags_of
from tests.sandbox.provider.aws.ec2.test_transit_gateway import a_gateway

DEVICE = "aws:ec2/customerGateway:CustomerGateway"
CONNECTION = "aws:ec2/vpnConnection:VpnConnection"
LOGS = "arn:aws:logs:eu-west-1:123456789012:log-group:morefocus-prod-euw1-vpn"
STRONG: dict[str, Any] = {
    "type": "ipsec.1",
    "staticRoutesOnly": True,
    "presharedKeyStorage": "SecretsManager",
    "tunnel1IkeVersions": ["ikev2"],
    "tunnel1Phase1EncryptionAlgorithms": ["AES256-GCM-16"],
    "tunnel1Phase1DhGroupNumbers": [20, 19],
    "tunnel1StartupAction": "start",
    "tunnel1DpdTimeoutAction": "restart",
    "tunnel1LogOptions": {"cloudwatchLogOptions": {"logEnabled": True, "logGroupArn": LOGS, "logOutputFormat": "json"}},
}


def a_device(workbench: Workbench, **inputs: Any) -> Life:
    return workbench.made(DEVICE, **{"type": "ipsec.1", "ipAddress": "8.8.4.4", "bgpAsn": "65000", **inputs})


def test_a_device_lives_as_declared(workbench: Workbench) -> None:
    life = a_device(workbench, deviceName="office", tags=TAGS)
    (seen,) = life.boto("ec2").describe_customer_gateways()["CustomerGateways"]
    assert (seen["IpAddress"], seen["BgpAsn"], seen["DeviceName"]) == ("8.8.4.4", "65000", "office")
    assert life.refresh() == []
    given: dict[str, Any] = {"type": "ipsec.1", "ipAddress": "8.8.4.4", "bgpAsn": "65000", "deviceName": "office"}
    life.update(**given, tags=OTHER_TAGS)
    assert tags_of(life) == OTHER_TAGS
    assert life.replaced_by(**given | {"ipAddress": "8.8.8.8"}) == {"ipAddress"}
    assert life.imported()[0]["ipAddress"] == "8.8.4.4"
    life.delete()
    assert life.gone()


@pytest.mark.parametrize(
    ("inputs", "reason"),
    [
        ({"ipAddress": "office.example.com"}, "IP address"),
        ({"ipAddress": ""}, "required unless certificateArn"),
        ({"bgpAsnExtended": "4200000000"}, "not both"),
    ],
)
def test_a_device_that_cannot_be_is_refused(workbench: Workbench, inputs: dict[str, Any], reason: str) -> None:
    with pytest.raises(InvalidInputs, match=reason):
        workbench.life(DEVICE).check(**{"type": "ipsec.1", "ipAddress": "8.8.4.4", "bgpAsn": "65000", **inputs})


def test_a_connection_lives_as_declared_with_its_tunnels_options_and_no_key_in_the_open(workbench: Workbench) -> None:
    gateway, device = a_gateway(workbench), a_device(workbench)
    given = {**STRONG, "transitGatewayId": gateway.id, "customerGatewayId": device.id}
    life = workbench.made(CONNECTION, **given, tags=TAGS)
    ec2 = life.boto("ec2")
    (seen,) = ec2.describe_vpn_connections()["VpnConnections"]
    first, second = seen["Options"]["TunnelOptions"]
    assert seen["Options"]["StaticRoutesOnly"]
    assert first["IkeVersions"] == [{"Value": "ikev2"}]
    assert first["Phase1DHGroupNumbers"] == [{"Value": 20}, {"Value": 19}]
    assert (first["StartupAction"], first["DpdTimeoutAction"]) == ("start", "restart")
    assert first["LogOptions"]["CloudWatchLogOptions"]["LogGroupArn"] == LOGS
    assert first["PreSharedKey"] == second["PreSharedKey"] == "****"
    assert first["OutsideIpAddress"] != second["OutsideIpAddress"]
    assert life.outputs["presharedKeyArn"].startswith("arn:aws:secretsmanager:eu-west-1:123456789012:secret:s2svpn!")
    (attachment,) = ec2.describe_transit_gateway_attachments()["TransitGatewayAttachments"]
    assert (attachment["ResourceType"], attachment["TransitGatewayAttachmentId"]) == ("vpn", life.outputs["transitGatewayAttachmentId"])
    assert life.refresh() == []

    life.update(**given, tags=OTHER_TAGS)
    assert tags_of(life) == OTHER_TAGS
    assert life.refresh() == []
    assert "staticRoutesOnly" in life.replaced_by(**given | {"staticRoutesOnly": False})
    assert life.imported()[0]["transitGatewayId"] == gateway.id
    life.delete()
    assert life.gone()
    gateway.delete()
    assert gateway.gone()


def test_keys_are_drawn_by_the_cloud_and_differ(workbench: Workbench) -> None:
    gateway, device = a_gateway(workbench), a_device(workbench)
    life = workbench.made(CONNECTION, type="ipsec.1", transitGatewayId=gateway.id, customerGatewayId=device.id)
    keys = {life.outputs["tunnel1PresharedKey"], life.outputs["tunnel2PresharedKey"]}
    assert len(keys) == 2 and all(8 <= len(key) <= 64 for key in keys)
    assert life.refresh() == []


@pytest.mark.parametrize(
    ("inputs", "reason"),
    [
        ({}, "exactly one of transitGatewayId"),
        ({"transitGatewayId": "tgw-0123456789abcdef0", "tunnel1InsideCidr": "169.254.10.0/29"}, "network of /30"),
        ({"transitGatewayId": "tgw-0123456789abcdef0", "vpnConcentratorId": "vpcn-0123456789abcdef0"}, "no VPN concentrators"),
    ],
)
def test_a_connection_that_cannot_be_is_refused(workbench: Workbench, inputs: dict[str, Any], reason: str) -> None:
    with pytest.raises(InvalidInputs, match=reason):
        workbench.life(CONNECTION).check(type="ipsec.1", customerGatewayId="cgw-0123456789abcdef0", **inputs)
