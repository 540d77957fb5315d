"""The office's tunnels are strong, logged and watched, and lead to the Kubernetes API."""

from typing import Any

import pytest

from components.network.site_vpn import SiteVpn, SiteVpnArgs
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, computed_outputs, record

ARGS: dict[str, Any] = {
    "gateway_id": "gateway",
    "core_table_id": "core",
    "vpn_table_id": "vpn",
    "address": "8.8.4.4",
    "networks": ("192.168.10.0/24", "192.168.20.0/24"),
    "api_security_group_id": "sg-api",
    "log_key_arn": "arn:aws:kms:us-east-1:123456789012:key/logs",
    "alert_topic_arn": "arn:aws:sns:us-east-1:123456789012:alerts",
}
CONNECTION = "aws:ec2/vpnConnection:VpnConnection"


def of_aws(type_: str, name: str, inputs: dict[str, Any]) -> dict[str, Any]:
    more = {
        "transitGatewayAttachmentId": "attachment",
        "tunnel1Address": "198.51.100.1",
        "tunnel2Address": "198.51.100.2",
        "presharedKeyArn": "arn",
    }
    return computed_outputs(type_, name, inputs) | (more if type_ == CONNECTION else {})


def made(**more: Any) -> Graph:
    return record(lambda: SiteVpn("vpn-office", a_context(), SiteVpnArgs(**{**ARGS, **more})), computed=of_aws)


def test_both_tunnels_speak_ikev2_with_authenticated_aes_256_only() -> None:
    connection = made().one(CONNECTION).inputs
    for tunnel in ("tunnel1", "tunnel2"):
        assert connection[f"{tunnel}IkeVersions"] == ["ikev2"]
        for phase in ("Phase1", "Phase2"):
            assert connection[f"{tunnel}{phase}EncryptionAlgorithms"] == ["AES256-GCM-16"]
            assert "SHA1" not in connection[f"{tunnel}{phase}IntegrityAlgorithms"]
            assert min(connection[f"{tunnel}{phase}DhGroupNumbers"]) >= 19


def test_no_key_is_written_and_aws_keeps_those_it_draws() -> None:
    connection = made().one(CONNECTION).inputs
    assert connection["presharedKeyStorage"] == "SecretsManager"
    assert not [key for key in connection if key.endswith("PresharedKey")]


def test_both_tunnels_are_logged_to_an_encrypted_group() -> None:
    graph = made()
    group = graph.one("aws:cloudwatch/logGroup:LogGroup")
    assert (group.inputs["kmsKeyId"], group.inputs["retentionInDays"]) == (ARGS["log_key_arn"], 365)
    for tunnel in ("tunnel1", "tunnel2"):
        logs = graph.one(CONNECTION).inputs[f"{tunnel}LogOptions"]["cloudwatchLogOptions"]
        assert logs["logEnabled"] and logs["logGroupArn"] == group.answered["arn"]


@pytest.mark.parametrize(("asn", "told", "static"), [(None, "65000", True), (65010, "65010", False)])
def test_the_device_routes_statically_or_by_bgp(asn: int | None, told: str, static: bool) -> None:
    graph = made(bgp_asn=asn)
    assert graph.one("aws:ec2/customerGateway:CustomerGateway").inputs["bgpAsn"] == told
    assert graph.one(CONNECTION).inputs["staticRoutesOnly"] is static


def test_the_office_follows_its_own_table_and_is_answered_network_by_network() -> None:
    graph = made()
    assert graph.one("aws:ec2transitgateway/routeTableAssociation:RouteTableAssociation").inputs["transitGatewayRouteTableId"] == "vpn"
    routes = [each.inputs for each in graph.of_type("aws:ec2transitgateway/route:Route")]
    assert {(each["transitGatewayRouteTableId"], each["destinationCidrBlock"]) for each in routes} == {
        ("core", "192.168.10.0/24"),
        ("core", "192.168.20.0/24"),
    }


def test_the_office_reaches_the_api_on_443_alone() -> None:
    rules = [each.inputs for each in made().of_type("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")]
    assert {(each["securityGroupId"], each["cidrIpv4"], each["fromPort"], each["toPort"]) for each in rules} == {
        ("sg-api", "192.168.10.0/24", 443, 443),
        ("sg-api", "192.168.20.0/24", 443, 443),
    }


def test_a_dead_tunnel_and_a_dead_connection_reach_the_alert_topic() -> None:
    alarms = {each.name: each.inputs for each in made().of_type("aws:cloudwatch/metricAlarm:MetricAlarm")}
    assert {name: (alarm["statistic"], alarm["threshold"]) for name, alarm in alarms.items()} == {
        "vpn-office-down": ("Maximum", 0),
        "vpn-office-degraded": ("Minimum", 0.9),
    }
    assert all(alarm["alarmActions"] == alarm["okActions"] == [ARGS["alert_topic_arn"]] for alarm in alarms.values())


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"address": "192.168.1.1"}, "must be public"),
        ({"networks": ()}, "at least one network"),
        ({"bgp_asn": 0}, "bgp_asn"),
        ({"log_retention_days": 2}, "log_retention_days"),
    ],
)
def test_args_that_cannot_be_are_refused(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        SiteVpnArgs(**{**ARGS, **wrong})
