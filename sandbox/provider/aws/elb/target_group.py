"""Target groups."""

from __future__ import annotations

from typing import Any

from sandbox.provider import tagging
from sandbox.provider.alignment import aligned
from sandbox.provider.aws.elb import attributes
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler, Support
from sandbox.provider.translation import Translation, with_blanks
from sandbox.provider.values import Properties

_KEYS = {
    "connectionTermination": "deregistration_delay.connection_termination.enabled",
    "deregistrationDelay": "deregistration_delay.timeout_seconds",
    "lambdaMultiValueHeadersEnabled": "lambda.multi_value_headers.enabled",
    "loadBalancingAlgorithmType": "load_balancing.algorithm.type",
    "loadBalancingAnomalyMitigation": "load_balancing.algorithm.anomaly_mitigation",
    "loadBalancingCrossZoneEnabled": "load_balancing.cross_zone.enabled",
    "preserveClientIp": "preserve_client_ip.enabled",
    "proxyProtocolV2": "proxy_protocol_v2.enabled",
    "slowStart": "slow_start.duration_seconds",
    "stickiness.type": "stickiness.type",
    "stickiness.enabled": "stickiness.enabled",
    "stickiness.cookieName": "stickiness.app_cookie.cookie_name",
    "targetFailovers.onDeregistration": "target_failover.on_deregistration",
    "targetFailovers.onUnhealthy": "target_failover.on_unhealthy",
    "targetGroupHealth.dnsFailover.minimumHealthyTargetsCount": "target_group_health.dns_failover.minimum_healthy_targets.count",
    "targetGroupHealth.dnsFailover.minimumHealthyTargetsPercentage": "target_group_health.dns_failover.minimum_healthy_targets.percentage",
    "targetGroupHealth.unhealthyStateRouting.minimumHealthyTargetsCount": (
        "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count"
    ),
    "targetGroupHealth.unhealthyStateRouting.minimumHealthyTargetsPercentage": (
        "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage"
    ),
    "targetHealthStates.enableUnhealthyConnectionTermination": "target_health_state.unhealthy.connection_termination.enabled",
    "targetHealthStates.unhealthyDrainingInterval": "target_health_state.unhealthy.draining_interval_seconds",
}
_COOKIE = {"lb_cookie": "stickiness.lb_cookie.duration_seconds", "app_cookie": "stickiness.app_cookie.duration_seconds"}
_COOKIE_SECONDS = "86400"
_TEXT: dict[str, type] = {
    "loadBalancingCrossZoneEnabled": str,
    "preserveClientIp": str,
    "targetGroupHealth.dnsFailover.minimumHealthyTargetsCount": str,
    "targetGroupHealth.dnsFailover.minimumHealthyTargetsPercentage": str,
    "targetGroupHealth.unhealthyStateRouting.minimumHealthyTargetsPercentage": str,
}
_HEALTH = {
    "enabled": "HealthCheckEnabled",
    "healthyThreshold": "HealthyThresholdCount",
    "interval": "HealthCheckIntervalSeconds",
    "path": "HealthCheckPath",
    "port": "HealthCheckPort",
    "protocol": "HealthCheckProtocol",
    "timeout": "HealthCheckTimeoutSeconds",
    "unhealthyThreshold": "UnhealthyThresholdCount",
}
_CREATE = Translation(
    "elbv2", "CreateTargetGroup", apart=frozenset({path.split(".")[0] for path in _KEYS}) | {"healthCheck", "namePrefix", "stickiness"}
)


class TargetGroup(Handler):
    """Where a listener sends traffic, and how it knows that there is life."""

    token = "aws:lb/targetGroup:TargetGroup"
    support = Support.PARTLY
    gap = "the target control port is in the state only"
    create_only = frozenset(
        {"ipAddressType", "name", "namePrefix", "port", "protocol", "protocolVersion", "targetControlPort", "targetType", "vpcId"}
    )
    defaults = {
        "targetType": "instance",
        "deregistrationDelay": 300,
        "slowStart": 0,
        "proxyProtocolV2": False,
        "lambdaMultiValueHeadersEnabled": False,
    }
    autoname = "name"
    autoname_limit = 32

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        found = []
        if inputs["targetType"] != "lambda":
            found = [
                Failure(name, f"required for targets of type {inputs['targetType']!r}")
                for name in ("port", "protocol", "vpcId")
                if inputs.get(name) is None
            ]
        return found or _CREATE.failures(inputs | _health(inputs, wire=True))

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        elb = call.client("elbv2")
        asked = _CREATE.request(inputs) | _health(inputs) | tagging.parameter(inputs["tagsAll"])
        made = elb.create_target_group(**asked)["TargetGroups"][0]
        arn = made["TargetGroupArn"]
        kept = _attributes(inputs)
        elb.modify_target_group_attributes(TargetGroupArn=arn, Attributes=attributes.pairs(kept))
        kept = attributes.mapping(elb.describe_target_group_attributes(TargetGroupArn=arn)["Attributes"])
        computed = {key: value for key, value in _outputs(made, kept).items() if key not in inputs}
        return arn, with_blanks(self.token, inputs, computed)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        elb = call.client("elbv2")
        live = elb.describe_target_groups(TargetGroupArns=[resource_id])["TargetGroups"][0]
        found = _outputs(live, attributes.mapping(elb.describe_target_group_attributes(TargetGroupArn=resource_id)["Attributes"]))
        for name in ("healthCheck", "stickiness", "targetGroupHealth", "targetFailovers", "targetHealthStates"):
            if name in found and state.get(name):
                found[name] = _declared(state[name], found[name])
        return found | {"tags": attributes.live_tags(call, resource_id)}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        elb = call.client("elbv2")
        health = _health(new)
        if health and old.get("healthCheck") != new.get("healthCheck"):
            elb.modify_target_group(TargetGroupArn=resource_id, **health)
        before = _attributes(old)
        wanted = {key: value for key, value in _attributes(new).items() if before.get(key) != value}
        if wanted:
            elb.modify_target_group_attributes(TargetGroupArn=resource_id, Attributes=attributes.pairs(wanted))
        attributes.retag(call, resource_id, old, new)
        live = elb.describe_target_groups(TargetGroupArns=[resource_id])["TargetGroups"][0]
        kept = attributes.mapping(elb.describe_target_group_attributes(TargetGroupArn=resource_id)["Attributes"])
        return with_blanks(self.token, new, {key: value for key, value in _outputs(live, kept).items() if key not in new})

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("elbv2").delete_target_group(TargetGroupArn=resource_id)


def _health(inputs: Properties, *, wire: bool = False) -> Properties:
    """The health check as the API has it: flat. With `wire`, as inputs of the translation."""
    declared = inputs.get("healthCheck")
    if not isinstance(declared, dict):
        return {}
    flat = {name: declared[key] for key, name in _HEALTH.items() if declared.get(key) is not None}
    matcher = declared.get("matcher")
    if matcher is not None:
        grpc = inputs.get("protocolVersion") == "GRPC"
        flat["Matcher"] = {"GrpcCode" if grpc else "HttpCode": matcher}
    return {name[0].lower() + name[1:]: value for name, value in flat.items()} if wire else flat


def _attributes(inputs: Properties) -> dict[str, str]:
    """Every attribute of these inputs that its kind of target has."""
    found = attributes.texts(inputs, _KEYS)
    stickiness = inputs.get("stickiness")
    if isinstance(stickiness, dict):
        found.setdefault("stickiness.enabled", "true")
        cookie = _COOKIE.get(stickiness["type"])
        if cookie:
            found[cookie] = str(stickiness.get("cookieDuration", _COOKIE_SECONDS))
    protocol, lambdas = inputs.get("protocol"), inputs.get("targetType") == "lambda"
    unfit = {
        "deregistration_delay.timeout_seconds": lambdas,
        "slow_start.duration_seconds": protocol not in ("HTTP", "HTTPS"),
        "proxy_protocol_v2.enabled": protocol not in ("TCP", "TLS", "UDP", "TCP_UDP"),
        "lambda.multi_value_headers.enabled": not lambdas,
    }
    return {key: value for key, value in found.items() if not unfit.get(key)}


def _outputs(live: dict[str, Any], kept: dict[str, str]) -> Properties:
    """A target group as the service describes it."""
    arn = live["TargetGroupArn"]
    health = {key: live[name] for key, name in _HEALTH.items() if live.get(name) is not None}
    matcher = live.get("Matcher", {})
    if matcher:
        health["matcher"] = matcher.get("HttpCode") or matcher.get("GrpcCode")
    found = attributes.plain(kept, _KEYS, _TEXT)
    cookie = _COOKIE.get(str(found.get("stickiness", {}).get("type")))
    if cookie in kept:
        found["stickiness"]["cookieDuration"] = int(kept[cookie])
    for name in ("targetFailovers", "targetHealthStates"):
        if name in found:
            found[name] = [found[name]]
    described = {
        "arn": arn,
        "arnSuffix": arn.rpartition(":")[2],
        "name": live["TargetGroupName"],
        "port": live.get("Port"),
        "protocol": live.get("Protocol"),
        "protocolVersion": live.get("ProtocolVersion"),
        "vpcId": live.get("VpcId"),
        "targetType": live.get("TargetType"),
        "ipAddressType": live.get("IpAddressType"),
        "loadBalancerArns": live.get("LoadBalancerArns", []),
        "healthCheck": health,
    }
    return {key: value for key, value in (found | described).items() if value is not None}


def _declared(declared: Any, live: Any) -> Any:
    """The live object, in those members that the program declares: the rest is the service's to choose."""
    if isinstance(declared, dict) and isinstance(live, dict):
        return {key: _declared(value, live.get(key)) for key, value in declared.items() if live.get(key) is not None}
    return aligned(declared, live)
