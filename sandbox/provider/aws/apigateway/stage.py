"""Deployments of an API, the stages that they are served on, and what a stage does about single methods."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sandbox.provider import tagging
from sandbox.provider.alignment import aligned
from sandbox.provider.aws.apigateway.common import Patch, arn, changed, mapped, replace, time
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.requests import parameters, refusals
from sandbox.provider.values import UNKNOWN, Properties, known


class Deployment(Handler):
    """A snapshot of an API; `triggers` say when another one is due."""

    token = "aws:apigateway/deployment:Deployment"
    create_only = frozenset({"restApi", "triggers", "variables"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return refusals("apigateway", "CreateDeployment", self._request(inputs))

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        made = call.client("apigateway").create_deployment(**self._request(inputs))
        return made["id"], {"createdDate": time(made["createdDate"])}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        # An import gives the API in the id: api/deployment.
        api = state["restApi"] if state else resource_id.partition("/")[0]
        live = call.client("apigateway").get_deployment(restApiId=api, deploymentId=resource_id.rpartition("/")[2])
        return {"restApi": api, "description": live.get("description", ""), "createdDate": time(live["createdDate"])}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        patches = changed(old, new, {"description": "/description"})
        if patches:
            call.client("apigateway").update_deployment(restApiId=new["restApi"], deploymentId=resource_id, patchOperations=patches)
        return {}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("apigateway").delete_deployment(restApiId=state["restApi"], deploymentId=resource_id)

    def _request(self, inputs: Properties) -> Properties:
        return parameters(inputs, restApiId="restApi", description="description", variables="variables")


class Stage(Handler):
    """Where a deployment is served, with cache, logs, tracing and variables."""

    token = "aws:apigateway/stage:Stage"
    create_only = frozenset({"restApi", "stageName"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        found = []
        logs = inputs.get("accessLogSettings")
        target = logs.get("destinationArn") if isinstance(logs, dict) else None
        if isinstance(target, str) and target.endswith(":*"):
            found.append(Failure("accessLogSettings.destinationArn", f'must be the ARN of a log group without ":*" (got {target})'))
        if inputs.get("cacheClusterSize") and inputs.get("cacheClusterEnabled") is False:
            found.append(Failure("cacheClusterSize", "means nothing without cacheClusterEnabled: set that to true as well"))
        return found + refusals("apigateway", "CreateStage", _request(inputs))

    def preview(self, call: Call, inputs: Properties) -> Properties:
        api, stage = inputs["restApi"], inputs["stageName"]
        return {
            "arn": arn(call, f"/restapis/{api}/stages/{stage}"),
            "executionArn": call.arn("execute-api", f"{api}/{stage}"),
            "invokeUrl": f"https://{api}.execute-api.{call.region}.amazonaws.com/{stage}",
        }

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        gateway = call.client("apigateway")
        gateway.create_stage(**_request(inputs), **tagging.whole(inputs))
        later = {key: inputs[key] for key in ("accessLogSettings", "clientCertificateId") if inputs.get(key)}
        if later:
            gateway.update_stage(**_place(inputs), patchOperations=list(_patches({}, later)))
        return f"ags-{inputs['restApi']}-{inputs['stageName']}", {**self.preview(call, inputs), "webAclArn": ""}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        where = _place(state) if state else dict(zip(("restApiId", "stageName"), resource_id.split("/"), strict=True))
        live = call.client("apigateway").get_stage(**where)
        found = {
            "restApi": where["restApiId"],
            "stageName": live["stageName"],
            "deployment": live["deploymentId"],
            "accessLogSettings": live.get("accessLogSettings", {}),
            "cacheClusterEnabled": live.get("cacheClusterEnabled", False),
            "canarySettings": _canary(live.get("canarySettings", {}), state),
            **{key: live.get(key, "") for key in ("clientCertificateId", "description", "documentationVersion")},
            "variables": live.get("variables", {}),
            "webAclArn": live.get("webAclArn", ""),
            "xrayTracingEnabled": live.get("tracingEnabled", False),
            "tags": live.get("tags", {}),
        }
        if found["cacheClusterEnabled"]:
            found["cacheClusterSize"] = live["cacheClusterSize"]
        return found | self.preview(call, found)

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        gateway, patches = call.client("apigateway"), list(_patches(old, new))
        if patches:
            gateway.update_stage(**_place(new), patchOperations=patches)
        tagging.retag(gateway, old["arn"], old, new)
        return {**self.preview(call, new), "webAclArn": old.get("webAclArn", "")}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("apigateway").delete_stage(**_place(state))


def _place(inputs: Properties) -> Properties:
    return {"restApiId": inputs["restApi"], "stageName": inputs["stageName"]}


def _request(inputs: Properties) -> Properties:
    asked = parameters(
        inputs,
        restApiId="restApi",
        stageName="stageName",
        deploymentId="deployment",
        description="description",
        cacheClusterEnabled="cacheClusterEnabled",
        cacheClusterSize="cacheClusterSize",
        variables="variables",
        documentationVersion="documentationVersion",
        tracingEnabled="xrayTracingEnabled",
    )
    canary = inputs.get("canarySettings")
    if canary is UNKNOWN:
        return asked | {"canarySettings": UNKNOWN}
    if canary:
        given = {key: value for key, value in canary.items() if key != "deploymentId"}
        if "percentTraffic" in given and known(given["percentTraffic"]):
            given["percentTraffic"] = float(given["percentTraffic"])
        asked["canarySettings"] = {"deploymentId": inputs["deployment"], **given}
    return asked


def _canary(live: dict[str, Any], state: Properties) -> Properties:
    found = {key: value for key, value in live.items() if key != "deploymentId" or "deploymentId" in (state.get("canarySettings") or {})}
    canary: Properties = aligned(state["canarySettings"], found) if state.get("canarySettings") else found
    return canary


def _patches(old: Properties, new: Properties) -> Iterator[Patch]:
    yield from changed(
        old,
        new,
        {
            "deployment": "/deploymentId",
            "description": "/description",
            "clientCertificateId": "/clientCertificateId",
            "documentationVersion": "/documentationVersion",
        }
        if old
        else {"clientCertificateId": "/clientCertificateId"},
    )
    for name, path in (("cacheClusterEnabled", "/cacheClusterEnabled"), ("xrayTracingEnabled", "/tracingEnabled")):
        if bool(old.get(name)) != bool(new.get(name)):
            yield replace(path, bool(new.get(name)))
    if new.get("cacheClusterEnabled") and new.get("cacheClusterSize") and old.get("cacheClusterSize") != new["cacheClusterSize"]:
        yield replace("/cacheClusterSize", new["cacheClusterSize"])
    logs = new.get("accessLogSettings")
    if (old.get("accessLogSettings") or None) != (logs or None):
        if logs:
            yield replace("/accessLogSettings/destinationArn", logs["destinationArn"])
            yield replace("/accessLogSettings/format", logs["format"])
        else:
            yield {"op": "remove", "path": "/accessLogSettings"}
    yield from mapped(old, new, "variables", "/variables")
    yield from _canary_patches(old, new)


def _canary_patches(old: Properties, new: Properties) -> Iterator[Patch]:
    before, after = old.get("canarySettings") or {}, new.get("canarySettings") or {}
    if before and not after:
        yield {"op": "remove", "path": "/canarySettings"}
    if not after:
        return
    for name in ("percentTraffic", "useStageCache", "deploymentId"):
        if name in after and before.get(name) != after[name]:
            yield replace(f"/canarySettings/{name}", after[name])
    if "deploymentId" not in after and (not before or old.get("deployment") != new["deployment"]):
        yield replace("/canarySettings/deploymentId", new["deployment"])
    yield from mapped(before, after, "stageVariableOverrides", "/canarySettings/stageVariableOverrides")
