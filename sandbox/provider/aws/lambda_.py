"""AWS Lambda: functions, and who may invoke them. No function is run here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sandbox.provider import archives, tagging
from sandbox.provider.alignment import aligned
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler, Support
from sandbox.provider.translation import Translation, with_blanks
from sandbox.provider.values import UNKNOWN, Properties, known

_CODE = frozenset({"code", "imageUri", "s3Bucket", "s3Key", "s3ObjectVersion", "sourceKmsKeyArn"})
_OWN = frozenset(
    {
        *("codeSha256", "replaceSecurityGroupsOnDestroy", "replacementSecurityGroupIds", "reservedConcurrentExecutions"),
        *("skipDestroy", "sourceCodeHash", "useResourceTimeoutForPropagation"),
    }
)
_NAMES = {"name": "FunctionName"}
_CREATE = Translation("lambda", "CreateFunction", names=_NAMES, apart=_CODE | _OWN)
_FIXED = frozenset({"architectures", "codeSigningConfigArn", "packageType", "publish", "publishTo", "tenancyConfig"})
_CONFIGURE = Translation("lambda", "UpdateFunctionConfiguration", names=_NAMES, apart=_CODE | _OWN | _FIXED)
_RESETS: Mapping[str, Any] = {
    "DeadLetterConfig": {"TargetArn": ""},
    "Description": "",
    "Environment": {"Variables": {}},
    "FileSystemConfigs": [],
    "KMSKeyArn": "",
    "Layers": [],
    "TracingConfig": {"Mode": "PassThrough"},
    "VpcConfig": {"SubnetIds": [], "SecurityGroupIds": []},
}
"""What takes a setting back when the program no longer gives it."""


class Function(Handler):
    """Code that runs when something calls it."""

    token = "aws:lambda/function:Function"
    create_only = frozenset({"name", "packageType", "tenancyConfig"})
    autoname = "name"
    autoname_limit = 64
    unordered = frozenset({"architectures", "replacementSecurityGroupIds"})
    defaults = {
        "memorySize": 128,
        "packageType": "Zip",
        "publish": False,
        "skipDestroy": False,
        "timeout": 3,
    }
    volatile = frozenset(
        {"codeSha256", "lastModified", "qualifiedArn", "qualifiedInvokeArn", "sourceCodeHash", "sourceCodeSize", "version"}
    )

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        given = [key for key in ("code", "s3Bucket", "imageUri") if key in inputs]
        found = []
        if len(given) != 1:
            got = ", ".join(given) or "none"
            found.append(Failure("code", f"exactly one of code, s3Bucket with s3Key, and imageUri is needed (got {got})"))
        if inputs["packageType"] == "Zip":
            found += [Failure(key, "needed by code in a zip file") for key in ("handler", "runtime") if key not in inputs]
        return found or _CREATE.failures(inputs, Code=_code(inputs, b"zip") or {"ImageUri": UNKNOWN})

    def preview(self, call: Call, inputs: Properties) -> Properties:
        arn = call.arn("lambda", f"function:{inputs['name']}")
        promised: Properties = {"arn": arn, "invokeArn": _invoke_arn(call, arn)}
        promised["responseStreamingInvokeArn"] = _invoke_arn(call, arn, "2021-11-15", "response-streaming-invocations")
        if not inputs["publish"]:
            promised |= {"version": "$LATEST", "qualifiedArn": f"{arn}:$LATEST"}
            promised["qualifiedInvokeArn"] = _invoke_arn(call, promised["qualifiedArn"])
        return promised

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        functions = call.client("lambda")
        request = _CREATE.request(inputs) | {"Code": _code(inputs, _packed(inputs))}
        if inputs["tagsAll"]:
            request["Tags"] = inputs["tagsAll"]
        made = functions.create_function(**request)
        if "reservedConcurrentExecutions" in inputs:
            self._reserve(functions, inputs["name"], inputs["reservedConcurrentExecutions"])
        return inputs["name"], self._outputs(call, inputs, made, made["Version"] if inputs["publish"] else "$LATEST")

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        functions = call.client("lambda")
        live = functions.get_function_configuration(FunctionName=resource_id)
        found = _CREATE.properties(self.token, live) | {"codeSha256": live["CodeSha256"], "sourceCodeSize": live["CodeSize"]}
        found["layers"] = [layer["Arn"] for layer in live.get("Layers", [])]
        found["imageConfig"] = _CREATE.properties(self.token, live.get("ImageConfigResponse", {})).get("imageConfig", {})
        reserved = functions.get_function_concurrency(FunctionName=resource_id).get("ReservedConcurrentExecutions")
        if reserved is not None or "reservedConcurrentExecutions" in state:
            found["reservedConcurrentExecutions"] = -1 if reserved is None else reserved
        for key in ("environment", "loggingConfig", "snapStart", "vpcConfig"):
            if key in found and key in state:
                found[key] = aligned(state[key], found[key], defaults={"applicationLogLevel": "INFO", "systemLogLevel": "INFO"})
        if found.get("snapStart", {}).get("applyOn") == "None":
            del found["snapStart"]
        if not state:
            found |= self.preview(call, {"name": resource_id, "publish": False}) | {"publish": False, "sourceCodeHash": live["CodeSha256"]}
        return found | {"lastModified": live["LastModified"], "tags": functions.list_tags(Resource=_arn(call, resource_id))["Tags"]}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        functions = call.client("lambda")
        live = functions.get_function_configuration(FunctionName=resource_id)
        self._rebuild(functions, resource_id, live, old, new)
        wanted = {**_RESETS, **_CONFIGURE.request(new), "FunctionName": resource_id}
        # Publishing makes a version of every change, so what an interrupted run changed already is not changed again.
        if any(_differs(live, member, value) for member, value in wanted.items()):
            functions.update_function_configuration(
                **{key: value for key, value in wanted.items() if _differs(live, key, value)} | _named(resource_id)
            )
        if old.get("reservedConcurrentExecutions") != new.get("reservedConcurrentExecutions"):
            self._reserve(functions, resource_id, new.get("reservedConcurrentExecutions"))
        tagging.retag(functions, _arn(call, resource_id), old, new)
        version = functions.publish_version(FunctionName=resource_id)["Version"] if new["publish"] else "$LATEST"
        return self._outputs(call, new, functions.get_function_configuration(FunctionName=resource_id), version)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        if not state.get("skipDestroy") or call.teardown:
            call.client("lambda").delete_function(FunctionName=resource_id)

    def equal(self, path: str, old: Any, new: Any) -> bool:
        if path == "code" and known(old, new):
            return archives.same_content(old, new)
        return super().equal(path, old, new)

    def _rebuild(self, functions: Any, name: str, live: Properties, old: Properties, new: Properties) -> None:
        packed = _packed(new)
        elsewhere = any(key in new and old.get(key) != new[key] for key in (*(_CODE - {"code"}), "architectures", "sourceCodeHash"))
        if elsewhere or (packed and archives.sha256(packed) != live["CodeSha256"]):
            chosen = {"Architectures": new["architectures"]} if new.get("architectures") else {}
            functions.update_function_code(FunctionName=name, **_code(new, packed), **chosen)

    def _reserve(self, functions: Any, name: str, executions: int | None) -> None:
        if executions is None:
            functions.delete_function_concurrency(FunctionName=name)
        else:
            functions.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=executions)

    def _outputs(self, call: Call, inputs: Properties, live: Properties, version: str) -> Properties:
        found = _CREATE.properties(self.token, live)
        computed = {key: value for key, value in found.items() if key not in inputs and key != "snapStart"}
        if "vpcConfig" in inputs:
            computed["vpcConfig"] = {**inputs["vpcConfig"], "vpcId": live["VpcConfig"]["VpcId"]}
        qualified = f"{_arn(call, inputs['name'])}:{version}"
        computed |= {"codeSha256": live["CodeSha256"], "sourceCodeSize": live["CodeSize"], "lastModified": live["LastModified"]}
        computed |= {"version": version, "qualifiedArn": qualified, "qualifiedInvokeArn": _invoke_arn(call, qualified)}
        if "sourceCodeHash" not in inputs:
            computed["sourceCodeHash"] = live["CodeSha256"]
        return with_blanks(self.token, inputs, computed | {"arn": _arn(call, inputs["name"])} | _fixed(self.preview(call, inputs)))


class Permission(Handler):
    """That a service or an account may invoke a function: one statement of the function's own policy."""

    token = "aws:lambda/permission:Permission"
    support = Support.PARTLY
    gap = "event source tokens are in the state only"
    create_only = frozenset(
        {
            *("action", "eventSourceToken", "function", "functionUrlAuthType", "invokedViaFunctionUrl", "principal", "principalOrgId"),
            *("qualifier", "sourceAccount", "sourceArn", "statementId", "statementIdPrefix"),
        }
    )
    autoname = "statementId"
    autoname_limit = 100

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return _PERMISSION.failures(inputs)

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {"statementIdPrefix": inputs.get("statementIdPrefix", "")}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        functions, request = call.client("lambda"), _PERMISSION.request(inputs)
        functions.add_permission(**request)
        return inputs["statementId"], self.preview(call, inputs)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        # Imported as the real provider does: function[:qualifier]/statement.
        place, _, sid = resource_id.rpartition("/")
        name = state.get("function") or place
        qualified = {"Qualifier": state["qualifier"]} if state.get("qualifier") else {}
        policy = json.loads(call.client("lambda").get_policy(FunctionName=name, **qualified)["Policy"])
        live = next((item for item in policy["Statement"] if item.get("Sid") == sid), None)
        if live is None:
            return None
        principal, conditions = live["Principal"], live.get("Condition", {})
        return {
            "statementId": sid,
            "function": name,
            "action": live["Action"],
            "principal": next(iter(principal.values())) if isinstance(principal, dict) else principal,
            "sourceArn": conditions.get("ArnLike", {}).get("AWS:SourceArn", ""),
            "sourceAccount": conditions.get("StringEquals", {}).get("AWS:SourceAccount", ""),
            "principalOrgId": conditions.get("StringEquals", {}).get("aws:PrincipalOrgID", ""),
        }

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        qualified = {"Qualifier": state["qualifier"]} if state.get("qualifier") else {}
        call.client("lambda").remove_permission(FunctionName=state["function"], StatementId=resource_id, **qualified)


_PERMISSION = Translation("lambda", "AddPermission", names={"function": "FunctionName"}, apart=frozenset({"statementIdPrefix"}))


def _arn(call: Call, name: str) -> str:
    return call.arn("lambda", f"function:{name}")


def _invoke_arn(call: Call, arn: str, version: str = "2015-03-31", operation: str = "invocations") -> str:
    """What API Gateway is given. Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-as-lambda-proxy-create-api-using-cli.html"""
    return f"arn:aws:apigateway:{call.region}:lambda:path/{version}/functions/{arn}/{operation}"


def _fixed(promised: Properties) -> Properties:
    return {key: value for key, value in promised.items() if key in ("arn", "invokeArn", "responseStreamingInvokeArn")}


def _packed(inputs: Properties) -> bytes:
    return archives.zipped(inputs["code"]) if "code" in inputs else b""


def _code(inputs: Properties, packed: bytes) -> Properties:
    """Where the code is, as both operations that take code want it."""
    if "code" in inputs:
        return {"ZipFile": packed}
    names = {"imageUri": "ImageUri", "s3Bucket": "S3Bucket", "s3Key": "S3Key", "s3ObjectVersion": "S3ObjectVersion"}
    return {member: inputs[key] for key, member in names.items() if key in inputs}


def _named(name: str) -> Properties:
    return {"FunctionName": name}


def _differs(live: Properties, member: str, wanted: Any) -> bool:
    """Whether the function is not yet as wanted; what the service adds to a setting, such as a VPC's id, is no difference."""
    now = live.get("ImageConfigResponse", {}).get("ImageConfig") if member == "ImageConfig" else live.get(member)
    if member == "Layers":
        now = [layer["Arn"] for layer in now or []]
    if isinstance(wanted, Mapping):
        now = now or {}
        return any((now.get(key) or None) != (value or None) for key, value in wanted.items())
    return bool((now or None) != (wanted or None))
