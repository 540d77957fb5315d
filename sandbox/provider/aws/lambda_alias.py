"""What stands before a function's versions: aliases, and when Lambda may renew the runtime beneath."""

from __future__ import annotations

from typing import Any

from sandbox.provider.alignment import aligned
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler, Recorded
from sandbox.provider.translation import Translation
from sandbox.provider.values import Properties, known

_ALIAS = Translation("lambda", "CreateAlias")
_MODES = ("Auto", "FunctionUpdate", "Manual")


def plain_name(function: str) -> str:
    """The name of a function that is given by its name or by its ARN, without a qualifier."""
    return function.split(":")[6] if function.startswith("arn:") else function.partition(":")[0]


class Alias(Handler):
    """A name for a version of a function, or for two with a share of the calls each."""

    token = "aws:lambda/alias:Alias"
    create_only = frozenset({"functionName", "name"})
    autoname = "name"
    autoname_limit = 128

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        found = _ALIAS.failures(inputs)
        weights = (inputs.get("routingConfig") or {}).get("additionalVersionWeights") if known(inputs.get("routingConfig")) else None
        if weights and len(weights) > 1:
            path = "routingConfig.additionalVersionWeights"
            found.append(Failure(path, f"an alias names one version beside its own (got {', '.join(sorted(weights))})"))
        if weights and inputs.get("functionVersion") == "$LATEST":
            found.append(Failure("functionVersion", "an alias of $LATEST shares its calls with no version: publish one and name it"))
        return found

    def preview(self, call: Call, inputs: Properties) -> Properties:
        if not known(inputs["functionName"], inputs["name"]):
            return {}
        arn = call.arn("lambda", f"function:{plain_name(inputs['functionName'])}:{inputs['name']}")
        return {"arn": arn, "invokeArn": f"arn:aws:apigateway:{call.region}:lambda:path/2015-03-31/functions/{arn}/invocations"}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        call.client("lambda").create_alias(**_ALIAS.request(inputs))
        outputs = self.preview(call, inputs)
        return outputs["arn"], outputs

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        function, name = self._place(resource_id, state)
        live = call.client("lambda").get_alias(FunctionName=function, Name=name)
        found = _ALIAS.properties(self.token, live)
        routing = aligned(state.get("routingConfig", {}), found.pop("routingConfig", {}))
        shown = {"routingConfig": routing} if (routing or {}).get("additionalVersionWeights") or "routingConfig" in state else {}
        described: Properties = {"description": ""} if "description" in state else {}
        return described | found | shown | {"functionName": function} | self.preview(call, {"functionName": function, "name": name})

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        request = {"Description": "", "RoutingConfig": {"AdditionalVersionWeights": {}}} | _ALIAS.request(new)
        call.client("lambda").update_alias(**request)
        return self.preview(call, new)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("lambda").delete_alias(FunctionName=state["functionName"], Name=state["name"])

    def equal(self, path: str, old: Any, new: Any) -> bool:
        if path == "functionName" and known(old, new):
            return plain_name(old) == plain_name(new)
        return super().equal(path, old, new)

    def _place(self, resource_id: str, state: Properties) -> tuple[str, str]:
        """Function and alias; an import is told as `<function>/<alias>` or by the ARN."""
        if state:
            return state["functionName"], state["name"]
        if resource_id.startswith("arn:"):
            return plain_name(resource_id), resource_id.rpartition(":")[2]
        function, _, name = resource_id.partition("/")
        return function, name


class RuntimeManagementConfig(Recorded):
    """When Lambda puts newer patches of the runtime beneath a function."""

    token = "aws:lambda/runtimeManagementConfig:RuntimeManagementConfig"
    gap = "the emulated cloud has no runtimes to renew; the choice is in the state only"
    service = "lambda"
    operation = "PutRuntimeManagementConfig"
    create_only = frozenset({"functionName", "qualifier"})
    defaults = {"updateRuntimeOn": "Auto"}

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        mode, version = inputs["updateRuntimeOn"], inputs.get("runtimeVersionArn")
        if not known(mode):
            return []
        if mode not in _MODES:
            return [Failure("updateRuntimeOn", f"allowed are {', '.join(_MODES)} (got {mode!r})")]
        if (mode == "Manual") != (version is not None):
            return [Failure("runtimeVersionArn", f"goes with updateRuntimeOn Manual and with no other (got {mode})")]
        return []

    def request(self, call: Call, inputs: Properties) -> Properties:
        names = {"functionName": "FunctionName", "qualifier": "Qualifier", "runtimeVersionArn": "RuntimeVersionArn"}
        return {"UpdateRuntimeOn": inputs["updateRuntimeOn"], **{wire: inputs[key] for key, wire in names.items() if key in inputs}}

    def identify(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        name, qualifier = plain_name(inputs["functionName"]), inputs.get("qualifier")
        arn = call.arn("lambda", f"function:{name}")
        return f"{name},{qualifier}" if qualifier else name, {"functionArn": f"{arn}:{qualifier}" if qualifier else arn}
