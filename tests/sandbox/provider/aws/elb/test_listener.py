"""Listeners and rules against the emulated cloud."""

from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Life, Workbench

LISTENER = "aws:lb/listener:Listener"
RULE = "aws:lb/listenerRule:ListenerRule"
TLS13 = "ELBSecurityPolicy-TLS13-1-2-2021-06"
REFUSED: list[dict[str, Any]] = [
    {"type": "fixed-response", "fixedResponse": {"contentType": "text/plain", "statusCode": "403", "messageBody": "no"}}
]


@pytest.fixture
def balancer(workbench: Workbench) -> Life:
    life = workbench.life("aws:lb/loadBalancer:LoadBalancer", name="balancer")
    subnets = [subnet["SubnetId"] for subnet in life.boto("ec2").describe_subnets()["Subnets"]]
    life.create(name="front", subnets=subnets[:2])
    return life


@pytest.fixture
def group(workbench: Workbench) -> Life:
    life = workbench.life("aws:lb/targetGroup:TargetGroup", name="group")
    vpc = life.boto("ec2").describe_vpcs()["Vpcs"][0]["VpcId"]
    life.create(name="hooks", port=5678, protocol="HTTP", targetType="ip", vpcId=vpc)
    return life


def certificate(life: Life, name: str = "a.example") -> str:
    return str(life.boto("acm").request_certificate(DomainName=name, ValidationMethod="DNS")["CertificateArn"])


def live(life: Life) -> dict[str, Any]:
    found: dict[str, Any] = life.boto("elbv2").describe_listeners(ListenerArns=[life.id])["Listeners"][0]
    return found


def test_a_secure_listener_lives_as_declared(workbench: Workbench, balancer: Life, group: Life) -> None:
    life = workbench.life(LISTENER)
    given: dict[str, Any] = {
        "loadBalancerArn": balancer.id,
        "port": 443,
        "protocol": "HTTPS",
        "sslPolicy": TLS13,
        "certificateArn": certificate(life),
        "routingHttpResponseServerEnabled": False,
        "routingHttpResponseStrictTransportSecurityHeaderValue": "max-age=63072000",
    }
    life.create(**given, defaultActions=REFUSED, tags={"owner": "edge"})
    found = live(life)
    assert (found["Port"], found["Protocol"], found["SslPolicy"]) == (443, "HTTPS", TLS13)
    assert found["Certificates"][0]["CertificateArn"] == given["certificateArn"]
    kept = life.boto("elbv2").describe_listener_attributes(ListenerArn=life.id)["Attributes"]
    assert {"Key": "routing.http.response.server.enabled", "Value": "false"} in kept
    assert life.refresh() == []

    forward = [{"type": "forward", "targetGroupArn": group.id}]
    life.update(**given | {"certificateArn": certificate(life, "b.example")}, defaultActions=forward, tags={"owner": "edge"})
    assert live(life)["DefaultActions"][0]["TargetGroupArn"] == group.id
    assert live(life)["Certificates"][0]["CertificateArn"] == life.outputs["certificateArn"]
    assert life.refresh() == []
    assert life.replaced_by(**given | {"loadBalancerArn": "other"}, defaultActions=forward, tags={"owner": "edge"}) == {"loadBalancerArn"}

    inputs, _ = life.imported()
    assert (inputs["port"], inputs["sslPolicy"], inputs["tags"]) == (443, TLS13, {"owner": "edge"})
    life.delete()
    assert life.gone()


def test_a_redirect_keeps_what_it_does_not_name(workbench: Workbench, balancer: Life) -> None:
    redirect = [{"type": "redirect", "redirect": {"protocol": "HTTPS", "port": "443", "statusCode": "HTTP_301"}}]
    life = workbench.made(LISTENER, loadBalancerArn=balancer.id, port=80, protocol="HTTP", defaultActions=redirect)
    assert live(life)["DefaultActions"][0]["RedirectConfig"]["Port"] == "443"
    assert life.outputs["sslPolicy"] == ""
    assert life.refresh() == []


def test_weighted_forwarding_is_read_back(workbench: Workbench, balancer: Life, group: Life) -> None:
    forward = [
        {"type": "forward", "forward": {"targetGroups": [{"arn": group.id, "weight": 9}], "stickiness": {"enabled": True, "duration": 60}}}
    ]
    life = workbench.made(LISTENER, loadBalancerArn=balancer.id, port=80, protocol="HTTP", defaultActions=forward)
    config = live(life)["DefaultActions"][0]["ForwardConfig"]
    assert config["TargetGroups"] == [{"TargetGroupArn": group.id, "Weight": 9}]
    assert config["TargetGroupStickinessConfig"] == {"Enabled": True, "DurationSeconds": 60}
    assert life.refresh() == []


def test_a_weaker_tls_policy_shows_on_refresh(workbench: Workbench, balancer: Life) -> None:
    life = workbench.life(LISTENER)
    arn = certificate(life)
    life.create(loadBalancerArn=balancer.id, port=443, protocol="HTTPS", sslPolicy=TLS13, certificateArn=arn, defaultActions=REFUSED)
    life.boto("elbv2").modify_listener(ListenerArn=life.id, SslPolicy="ELBSecurityPolicy-2016-08")
    assert [change.path for change in life.refresh()] == ["sslPolicy"]


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"protocol": "HTTPS"}, "certificateArn"),
        ({"sslPolicy": TLS13}, "sslPolicy"),
        ({"port": 70000}, "port"),
        ({"defaultActions": [{"type": "drop"}]}, "defaultActions[0].type"),
    ],
)
def test_what_load_balancing_refuses_is_refused_at_preview(workbench: Workbench, wrong: dict[str, Any], path: str) -> None:
    given = {"loadBalancerArn": "arn", "port": 80, "protocol": "HTTP", "defaultActions": REFUSED}
    with pytest.raises(InvalidInputs) as refused:
        workbench.life(LISTENER).check(**given | wrong)
    assert path in {failure.path for failure in refused.value.failures}


def test_a_rule_lives_as_declared(workbench: Workbench, balancer: Life, group: Life) -> None:
    listener = workbench.made(LISTENER, logical="listener", loadBalancerArn=balancer.id, port=80, protocol="HTTP", defaultActions=REFUSED)
    life = workbench.life(RULE)
    given: dict[str, Any] = {
        "listenerArn": listener.id,
        "priority": 10,
        "actions": [{"type": "forward", "targetGroupArn": group.id}],
        "conditions": [
            {"httpHeader": {"httpHeaderName": "X-Origin-Verify", "values": ["secret"]}},
            {"pathPattern": {"values": ["/webhook/*", "/webhook-test/*"]}},
            {"queryStrings": [{"key": "version", "value": "2"}]},
        ],
    }
    life.create(**given, tags={"owner": "edge"})
    rule = life.boto("elbv2").describe_rules(RuleArns=[life.id])["Rules"][0]
    assert rule["Priority"] == "10"
    assert [condition["Field"] for condition in rule["Conditions"]] == ["http-header", "path-pattern", "query-string"]
    assert life.refresh() == []

    life.update(**given | {"priority": 20, "conditions": [{"hostHeader": {"values": ["a.example"]}}]}, tags={"owner": "platform"})
    rule = life.boto("elbv2").describe_rules(RuleArns=[life.id])["Rules"][0]
    assert (rule["Priority"], rule["Conditions"][0]["HostHeaderConfig"]["Values"]) == ("20", ["a.example"])
    assert life.refresh() == []

    inputs, _ = life.imported()
    assert (inputs["listenerArn"], inputs["conditions"]) == (listener.id, [{"hostHeader": {"values": ["a.example"]}}])
    life.delete()
    assert life.gone()


def test_a_rule_without_a_priority_goes_last(workbench: Workbench, balancer: Life) -> None:
    listener = workbench.made(LISTENER, logical="listener", loadBalancerArn=balancer.id, port=80, protocol="HTTP", defaultActions=REFUSED)
    shared: dict[str, Any] = {"listenerArn": listener.id, "actions": REFUSED, "conditions": [{"sourceIp": {"values": ["10.0.0.0/8"]}}]}
    workbench.made(RULE, logical="first", **shared, priority=40)
    life = workbench.made(RULE, **shared)
    assert life.outputs["priority"] == 41
    assert life.refresh() == []


def test_a_condition_has_one_subject(workbench: Workbench) -> None:
    both = [{"hostHeader": {"values": ["a"]}, "pathPattern": {"values": ["/a"]}}]
    with pytest.raises(InvalidInputs, match="exactly one"):
        workbench.life(RULE).check(listenerArn="arn", actions=REFUSED, conditions=both)
