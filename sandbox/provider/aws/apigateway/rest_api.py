"""REST APIs, whole as an OpenAPI document describes them, and their resource policies."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sandbox.cloud import openapi
from sandbox.provider import documents, tagging
from sandbox.provider.alignment import aligned
from sandbox.provider.aws.apigateway.common import Patch, arn, endpoint, endpoint_failures, endpoint_request, pointer, replace, time
from sandbox.provider.differ import same_document
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler, Support
from sandbox.provider.requests import parameters, refusals
from sandbox.provider.values import Properties, known

POLICY = documents.Grammar("an API's resource policy", frozenset({"Action", "Resource", "Principal"}), 8_192, plain_sids=False)

_LARGEST = 10_485_760
_PLAIN = ("name", "description", "apiKeySource", "securityPolicy", "endpointAccessMode")
_CHOSEN = (
    *("apiKeySource", "binaryMediaTypes", "description", "disableExecuteApiEndpoint", "endpointConfiguration"),
    *("minimumCompressionSize", "policy", "securityPolicy"),
)
"""Inputs that API Gateway fills in when the program says nothing."""


class RestApi(Handler):
    """An API. What its body describes (methods, models, validators, authorizers, gateway responses) is made by the import of it.

    The document itself cannot be read back, so only what it makes can drift, and that shows nowhere: as with the real provider.
    """

    token = "aws:apigateway/restApi:RestApi"
    support = Support.PARTLY
    gap = "import parameters and failOnWarnings are in the state only; documentation parts are not imported; no request is served"
    documents = frozenset({"body", "policy"})
    unordered = frozenset({"binaryMediaTypes"})
    defaults = {"putRestApiMode": "overwrite"}
    autoname = "name"
    autoname_limit = 255

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        documents.normalise(inputs, "policy")
        found = [*documents.failures("policy", inputs.get("policy"), POLICY), *endpoint_failures(inputs), *_body(inputs), *_size(inputs)]
        return found + refusals("apigateway", "CreateRestApi", _request(inputs, documents.text(inputs.get("policy"))))

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        gateway = call.client("apigateway")
        live = gateway.create_rest_api(**_request(inputs, inputs.get("policy")), **tagging.whole(inputs))
        self._settle(gateway, live, inputs, imported=True)
        return live["id"], self._outputs(call, live["id"], inputs)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        found = self._live(call, resource_id)
        if "endpointConfiguration" in state:
            found["endpointConfiguration"] = aligned(
                state["endpointConfiguration"], found["endpointConfiguration"], defaults={"ipAddressType": "ipv4"}
            )
        if state.get("minimumCompressionSize") == "-1" and not found["minimumCompressionSize"]:
            found["minimumCompressionSize"] = "-1"
        return found

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        gateway = call.client("apigateway")
        changed = any(old.get(name) != new.get(name) for name in ("body", "parameters", "putRestApiMode"))
        self._settle(gateway, gateway.get_rest_api(restApiId=resource_id), new, imported=changed)
        tagging.retag(gateway, arn(call, f"/restapis/{resource_id}"), old, new)
        return self._outputs(call, resource_id, new)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("apigateway").delete_rest_api(restApiId=resource_id)

    def _settle(self, gateway: Any, live: dict[str, Any], inputs: Properties, *, imported: bool) -> None:
        """Imports the body; then what the program says beside it holds over what the document says."""
        if imported and inputs.get("body"):
            live = gateway.put_rest_api(
                restApiId=live["id"],
                mode=inputs["putRestApiMode"],
                body=inputs["body"].encode(),
                **parameters(inputs, failOnWarnings="failOnWarnings", parameters="parameters"),
            )
        patches = list(_patches(live, inputs))
        if patches:
            gateway.update_rest_api(restApiId=live["id"], patchOperations=patches)

    def _outputs(self, call: Call, identity: str, inputs: Properties) -> Properties:
        live = self._live(call, identity)
        return {name: value for name, value in live.items() if name not in inputs and name not in ("tags", "endpointAccessMode")}

    def _live(self, call: Call, identity: str) -> Properties:
        live = call.client("apigateway").get_rest_api(restApiId=identity)
        size = live.get("minimumCompressionSize")
        found: Properties = {name: live.get(name, "") for name in _PLAIN}
        if not found["endpointAccessMode"]:
            del found["endpointAccessMode"]
        return found | {
            "arn": arn(call, f"/restapis/{identity}"),
            "binaryMediaTypes": live.get("binaryMediaTypes", []),
            "createdDate": time(live["createdDate"]),
            "disableExecuteApiEndpoint": live.get("disableExecuteApiEndpoint", False),
            "endpointConfiguration": endpoint(live["endpointConfiguration"]),
            "executionArn": call.arn("execute-api", identity),
            "minimumCompressionSize": "" if size is None else str(size),
            "policy": live.get("policy", ""),
            "rootResourceId": live["rootResourceId"],
            "tags": live.get("tags", {}),
        }


class RestApiPolicy(Handler):
    """Who may call an API, beside what its methods ask for."""

    token = "aws:apigateway/restApiPolicy:RestApiPolicy"
    create_only = frozenset({"restApiId"})
    documents = frozenset({"policy"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        documents.normalise(inputs, "policy")
        return documents.failures("policy", inputs.get("policy"), POLICY)

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        self._put(call, inputs["restApiId"], inputs["policy"])
        return inputs["restApiId"], {}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        policy = call.client("apigateway").get_rest_api(restApiId=resource_id).get("policy")
        return {"restApiId": resource_id, "policy": policy} if policy else None

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        self._put(call, resource_id, new["policy"])
        return {}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        self._put(call, resource_id, "")

    def _put(self, call: Call, api: str, policy: str) -> None:
        call.client("apigateway").update_rest_api(restApiId=api, patchOperations=[replace("/policy", policy)])


def _request(inputs: Properties, policy: Any) -> Properties:
    asked = parameters(
        {**inputs, "policy": policy},
        name="name",
        description="description",
        apiKeySource="apiKeySource",
        binaryMediaTypes="binaryMediaTypes",
        disableExecuteApiEndpoint="disableExecuteApiEndpoint",
        endpointAccessMode="endpointAccessMode",
        policy="policy",
        securityPolicy="securityPolicy",
    )
    size = inputs.get("minimumCompressionSize")
    if size not in (None, "", "-1"):
        asked["minimumCompressionSize"] = int(size) if known(size) and str(size).isdigit() else size
    return asked | endpoint_request(inputs)


def _patches(live: dict[str, Any], inputs: Properties) -> Iterator[Patch]:
    """What brings the live API to what the program says of it."""
    for name in _PLAIN:
        if inputs.get(name) and inputs[name] != live.get(name):
            yield replace(f"/{name}", inputs[name])
    if inputs.get("policy") and not same_document(live.get("policy"), inputs["policy"]):
        yield replace("/policy", inputs["policy"])
    switch = inputs.get("disableExecuteApiEndpoint")
    if switch is not None and switch != live.get("disableExecuteApiEndpoint", False):
        yield replace("/disableExecuteApiEndpoint", switch)
    if inputs.get("binaryMediaTypes"):
        there = set(live.get("binaryMediaTypes", []))
        yield from (
            {"op": "remove", "path": f"/binaryMediaTypes/{pointer(kind)}"} for kind in sorted(there - set(inputs["binaryMediaTypes"]))
        )
        yield from ({"op": "add", "path": f"/binaryMediaTypes/{pointer(kind)}"} for kind in inputs["binaryMediaTypes"] if kind not in there)
    size, now = inputs.get("minimumCompressionSize"), live.get("minimumCompressionSize")
    if size == "-1" and now is not None:
        yield {"op": "replace", "path": "/minimumCompressionSize"}
    elif size not in (None, "", "-1") and str(now) != str(size):
        yield replace("/minimumCompressionSize", size)
    yield from _endpoint_patches(endpoint(live["endpointConfiguration"]), inputs.get("endpointConfiguration") or {})


def _endpoint_patches(now: Properties, wanted: Properties) -> Iterator[Patch]:
    if wanted.get("types") and wanted["types"] != now["types"]:
        yield replace("/endpointConfiguration/types/0", wanted["types"])
    if wanted.get("ipAddressType") and wanted["ipAddressType"] != now["ipAddressType"]:
        yield replace("/endpointConfiguration/ipAddressType", wanted["ipAddressType"])
    before, after = set(now.get("vpcEndpointIds", [])), set(wanted.get("vpcEndpointIds") or [])
    for kind, endpoints in (("remove", before - after), ("add", after - before)):
        for identity in sorted(endpoints) if after else ():
            yield {"op": kind, "path": "/endpointConfiguration/vpcEndpointIds", "value": identity}


def _body(inputs: Properties) -> Iterator[Failure]:
    body = inputs.get("body")
    if not isinstance(body, str):
        return
    try:
        document = json.loads(body)
    except ValueError as error:
        yield Failure("body", f"must be an OpenAPI document in JSON ({error})")
        return
    if not isinstance(document, dict) or not str(document.get("openapi", "")).startswith("3.0"):
        yield Failure("body", "must be an object with openapi: 3.0.x, which API Gateway imports")
    elif not document.get("paths"):
        yield Failure("body", "must have paths: an API without methods cannot be deployed")
    else:
        # What the import would refuse, told before anything is made.
        yield from (Failure("body", problem) for problem in openapi.read(document).problems)


def _size(inputs: Properties) -> Iterator[Failure]:
    size = inputs.get("minimumCompressionSize")
    if isinstance(size, str) and size and (not size.lstrip("-").isdigit() or not -1 <= int(size) <= _LARGEST):
        yield Failure("minimumCompressionSize", f"must be a whole number from -1 (off) to {_LARGEST}, as text (got {size!r})")
