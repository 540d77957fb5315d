"""How a pool meets risky sign-ins, and where its logs go."""

from __future__ import annotations

from sandbox.provider.alignment import aligned
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.translation import Translation
from sandbox.provider.values import Properties, known

_RISK = Translation("cognito-idp", "SetRiskConfiguration")
_LOGS = Translation("cognito-idp", "SetLogDeliveryConfiguration")
_PARTS = ("accountTakeoverRiskConfiguration", "compromisedCredentialsRiskConfiguration", "riskExceptionConfiguration")
_DESTINATIONS = ("cloudWatchLogsConfiguration", "firehoseConfiguration", "s3Configuration")
# https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_LogConfigurationType.html
_LEVELS = {"userNotification": "ERROR", "userAuthEvents": "INFO"}


class RiskConfiguration(Handler):
    """What a pool, or one client of it, does about risky sign-ins, leaked passwords and known networks."""

    token = "aws:cognito/riskConfiguration:RiskConfiguration"
    create_only = frozenset({"clientId", "userPoolId"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        if not any(inputs.get(name) for name in _PARTS):
            return [Failure(_PARTS[0], f"at least one of {', '.join(_PARTS)} is needed")]
        return _RISK.failures(inputs)

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        call.client("cognito-idp").set_risk_configuration(**_RISK.request(inputs))
        return ":".join(inputs[name] for name in ("userPoolId", "clientId") if inputs.get(name)), {}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        live = call.client("cognito-idp").describe_risk_configuration(**_place(resource_id))["RiskConfiguration"]
        found = _RISK.properties(self.token, live)
        if not any(found.get(name) for name in _PARTS):
            return None
        for name in _PARTS:
            if state.get(name):
                found[name] = aligned(state[name], found.get(name, {}))
        return found

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        call.client("cognito-idp").set_risk_configuration(**_RISK.request(new))
        return {}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        # Cognito has no end for it: a configuration that says nothing is none.
        call.client("cognito-idp").set_risk_configuration(**_place(resource_id))


class LogDeliveryConfiguration(Handler):
    """Where a pool's logs go: errors of messages, and, on the plan PLUS, what users did."""

    token = "aws:cognito/logDeliveryConfiguration:LogDeliveryConfiguration"
    create_only = frozenset({"userPoolId"})
    unordered = frozenset({"logConfigurations"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        found, given = [], inputs["logConfigurations"]
        for position, item in enumerate(given if isinstance(given, list) else ()):
            if not isinstance(item, dict) or not known(item.get("eventSource"), item.get("logLevel")):
                continue
            level = _LEVELS.get(item["eventSource"])
            if level and item["logLevel"] != level:
                reason = f"must be {level} for {item['eventSource']} (got {item['logLevel']})"
                found.append(Failure(f"logConfigurations[{position}].logLevel", reason))
            if sum(1 for name in _DESTINATIONS if item.get(name)) != 1:
                found.append(Failure(f"logConfigurations[{position}]", f"exactly one of {', '.join(_DESTINATIONS)} is needed"))
        return found + _LOGS.failures(inputs)

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        call.client("cognito-idp").set_log_delivery_configuration(**_LOGS.request(inputs))
        return inputs["userPoolId"], {}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        live = call.client("cognito-idp").get_log_delivery_configuration(UserPoolId=resource_id)["LogDeliveryConfiguration"]
        if not live["LogConfigurations"]:
            return None
        found = _LOGS.properties(self.token, live)
        if state.get("logConfigurations"):
            found["logConfigurations"] = aligned(state["logConfigurations"], found["logConfigurations"])
        return found

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        call.client("cognito-idp").set_log_delivery_configuration(**_LOGS.request(new))
        return {}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("cognito-idp").set_log_delivery_configuration(UserPoolId=resource_id, LogConfigurations=[])


def _place(resource_id: str) -> Properties:
    pool, _, client = resource_id.partition(":")
    return {"UserPoolId": pool, **({"ClientId": client} if client else {})}
