"""Health checks."""

from __future__ import annotations

from typing import Any

from sandbox.provider.aws.route53.common import live_tags, tag
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.translation import Translation, with_blanks
from sandbox.provider.values import Properties

_NAMES = {"childHealthThreshold": "HealthThreshold", "fqdn": "FullyQualifiedDomainName", "invertHealthcheck": "Inverted"}
_APART = frozenset({"cloudwatchAlarmName", "cloudwatchAlarmRegion", "referenceName", "triggers"})
_CREATE = Translation("route53", "CreateHealthCheck", below="HealthCheckConfig", names=_NAMES, apart=_APART)
_UPDATE = Translation("route53", "UpdateHealthCheck", names=_NAMES, apart=_APART)
_WITHOUT_ENDPOINT = ("CALCULATED", "CLOUDWATCH_METRIC", "RECOVERY_CONTROL")
_RESET = {
    "childHealthchecks": "ChildHealthChecks",
    "fqdn": "FullyQualifiedDomainName",
    "regions": "Regions",
    "resourcePath": "ResourcePath",
}
_REFERENCE_LIMIT = 27


class HealthCheck(Handler):
    """A check of an endpoint, of other checks, or of an alarm."""

    token = "aws:route53/healthCheck:HealthCheck"
    create_only = frozenset({"measureLatency", "referenceName", "requestInterval", "routingControlArn", "type"})
    unordered = frozenset({"childHealthchecks", "regions"})
    defaults = {"disabled": False, "measureLatency": False}

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        found = [Failure(path, f"is needed for type {inputs['type']}") for path in _needed(inputs) if path not in inputs]
        if inputs["type"] not in _WITHOUT_ENDPOINT and "fqdn" not in inputs and "ipAddress" not in inputs:
            found.append(Failure("fqdn", "fqdn or ipAddress is needed: what is to be checked"))
        if len(str(inputs.get("referenceName", ""))) > _REFERENCE_LIMIT:
            found.append(Failure("referenceName", f"at most {_REFERENCE_LIMIT} characters (got {len(inputs['referenceName'])})"))
        return found or _CREATE.failures(_sent(inputs), CallerReference="reference")

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        reference = f"{inputs['referenceName']}-{call.token()}" if "referenceName" in inputs else call.token()
        config = _CREATE.request(_sent(inputs)) | _alarm(inputs)
        made = call.client("route53").create_health_check(CallerReference=reference, HealthCheckConfig=config)["HealthCheck"]
        tag(call, "healthcheck", made["Id"], {}, inputs)
        return made["Id"], self._outputs(call, made, inputs)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        live = call.client("route53").get_health_check(HealthCheckId=resource_id)["HealthCheck"]
        config, alarm = live["HealthCheckConfig"], live["HealthCheckConfig"].get("AlarmIdentifier", {})
        blank: Properties = {key: [] if key in self.unordered else "" for key in (*_RESET, "ipAddress", "searchString") if key in state}
        return blank | {
            **_CREATE.properties(self.token, config),
            "cloudwatchAlarmName": alarm.get("Name", ""),
            "cloudwatchAlarmRegion": alarm.get("Region", ""),
            "arn": _arn(call, resource_id),
            "tags": live_tags(call, "healthcheck", resource_id),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        route53 = call.client("route53")
        sent = {key: value for key, value in _sent(new).items() if _UPDATE.accepts(key) and not self.equal(key, old.get(key), value)}
        reset = [member for key, member in _RESET.items() if old.get(key) and not new.get(key)]
        alarm = _alarm(new) if _alarm(new) != _alarm(old) or old.get("triggers") != new.get("triggers") else {}
        request = _UPDATE.request(sent) | alarm | ({"ResetElements": reset} if reset else {})
        if request:
            route53.update_health_check(HealthCheckId=resource_id, **request)
        tag(call, "healthcheck", resource_id, old, new)
        return self._outputs(call, route53.get_health_check(HealthCheckId=resource_id)["HealthCheck"], new)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("route53").delete_health_check(HealthCheckId=resource_id)

    def _outputs(self, call: Call, live: dict[str, Any], inputs: Properties) -> Properties:
        kept = _CREATE.properties(self.token, live["HealthCheckConfig"])
        computed = {key: kept[key] for key in ("enableSni", "failureThreshold", "regions") if key in kept and key not in inputs}
        return with_blanks(self.token, inputs, computed | {"arn": _arn(call, live["Id"])})


def _needed(inputs: Properties) -> list[str]:
    kind = inputs["type"]
    if kind == "CALCULATED":
        return ["childHealthchecks"]
    if kind == "CLOUDWATCH_METRIC":
        return ["cloudwatchAlarmName", "cloudwatchAlarmRegion"]
    if kind == "RECOVERY_CONTROL":
        return ["routingControlArn"]
    if kind == "TCP":
        return ["port"]
    return ["searchString"] if isinstance(kind, str) and kind.endswith("STR_MATCH") else []


def _sent(inputs: Properties) -> Properties:
    """The inputs that the service takes for this type; latency is measured of endpoints only."""
    unfit = {"measureLatency"} if inputs["type"] in _WITHOUT_ENDPOINT else set()
    return {key: value for key, value in inputs.items() if key not in unfit}


def _alarm(inputs: Properties) -> Properties:
    if "cloudwatchAlarmName" not in inputs or not inputs["cloudwatchAlarmName"]:
        return {}
    return {"AlarmIdentifier": {"Name": inputs["cloudwatchAlarmName"], "Region": inputs["cloudwatchAlarmRegion"]}}


def _arn(call: Call, resource_id: str) -> str:
    return call.arn("route53", f"healthcheck/{resource_id}", region="", account="")
