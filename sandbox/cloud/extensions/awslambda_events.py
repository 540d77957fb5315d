"""Lambda: aliases change under a revision, mappings and destinations belong to a qualifier, AWS's layers are there, and no code is run."""

from __future__ import annotations

import uuid
from functools import wraps
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

from sandbox.cloud.extensions.common import kept, now


def install() -> None:
    """Adds it to moto."""
    from moto.awslambda.models import LambdaAlias, LambdaBackend
    from moto.awslambda.responses import LambdaResponse

    LambdaBackend.update_alias = _guarded(LambdaBackend.update_alias)
    LambdaAlias.update = _revised(LambdaAlias.update)
    LambdaResponse.update_alias = _under_a_revision(LambdaResponse.update_alias)
    LambdaBackend.create_event_source_mapping = _not_polled(LambdaBackend.create_event_source_mapping)
    LambdaBackend.update_event_source_mapping = _qualified(LambdaBackend.update_event_source_mapping)
    LambdaBackend.layers_versions_by_arn = _of_other_accounts(LambdaBackend.layers_versions_by_arn)
    LambdaResponse.put_function_event_invoke_config = _put
    LambdaResponse.update_function_event_invoke_config = _put
    LambdaResponse.get_function_event_invoke_config = _get
    LambdaResponse.delete_function_event_invoke_config = _delete
    LambdaResponse.list_function_event_invoke_configs = _list


def _under_a_revision(original: Any) -> Any:
    @wraps(original)
    def update_alias(self: Any) -> Any:
        wanted = self.json_body.get("RevisionId")
        name, function = unquote(self.path.rsplit("/", 2)[-1]), unquote(self.path.rsplit("/")[-3])
        if wanted and wanted != self.backend.get_alias(name, function).revision_id:
            from moto.awslambda.exceptions import PreconditionFailedException

            raise PreconditionFailedException("The RevisionId provided does not match the latest RevisionId for the Lambda alias")
        return original(self)

    return update_alias


def _guarded(original: Any) -> Any:
    """Every version that an alias names is there, and shares of calls are between 0 and 1."""

    @wraps(original)
    def update_alias(self: Any, name: str, function_name: str, **wanted: Any) -> Any:
        from moto.awslambda.exceptions import InvalidParameterValueException

        function_version = wanted.get("function_version")
        for version, share in ((wanted.get("routing_config") or {}).get("AdditionalVersionWeights") or {}).items():
            self.get_function(function_name, version)
            own = function_version or self.get_alias(name, function_name).function_version
            if not 0 <= share <= 1 or version == own:
                raise InvalidParameterValueException(f"Invalid routing of alias {name}: {version} beside {own} with weight {share}")
        if function_version:
            self.get_function(function_name, function_version)
        return original(self, name, function_name, **wanted)

    return update_alias


def _revised(original: Any) -> Any:
    @wraps(original)
    def update(self: Any, *args: Any) -> None:
        original(self, *args)
        self.revision_id = str(uuid.uuid4())

    return update


def _not_polled(original: Any) -> Any:
    """The mapping is kept and shown; moto would run the function in a container, which is not what this cloud is for."""

    @wraps(original)
    def create(self: Any, spec: dict[str, Any]) -> Any:
        _check_visibility(self, spec)
        made = original(self, spec)
        for holder in _sources(self):
            for arn, mapping in list(holder.lambda_event_source_mappings.items()):
                if mapping is made:
                    del holder.lambda_event_source_mappings[arn]
        made.function_arn = _asked_arn(self, spec["FunctionName"])
        return made

    return create


def _qualified(original: Any) -> Any:
    @wraps(original)
    def update(self: Any, identity: str, spec: dict[str, Any]) -> Any:
        changed = original(self, identity, spec)
        if changed and spec.get("FunctionName"):
            changed.function_arn = _asked_arn(self, spec["FunctionName"])
        if changed and spec.get("KMSKeyArn") == "":
            changed.kms_key = None
        return changed

    return update


def _check_visibility(backend: Any, spec: dict[str, Any]) -> None:
    """A queue must hide a message as long as a call may last.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
    """
    from moto.awslambda.exceptions import InvalidParameterValueException
    from moto.sqs.models import sqs_backends

    timeout = backend.get_function(spec["FunctionName"]).timeout
    for queue in sqs_backends[backend.account_id][backend.region_name].queues.values():
        if queue.queue_arn == spec.get("EventSourceArn") and int(queue.visibility_timeout) < int(timeout):
            raise InvalidParameterValueException(
                f"Queue visibility timeout: {queue.visibility_timeout} seconds is less than Function timeout: {timeout} seconds"
            )


def _sources(backend: Any) -> list[Any]:
    from moto.dynamodb.models import dynamodb_backends
    from moto.kinesis.models import kinesis_backends
    from moto.sqs.models import sqs_backends

    place = backend.account_id, backend.region_name
    queues = sqs_backends[place[0]][place[1]].queues
    tables = dynamodb_backends[place[0]][place[1]].tables
    streams = kinesis_backends[place[0]][place[1]].streams
    return [*queues.values(), *tables.values(), *streams.values()]


def _asked_arn(backend: Any, function: str) -> str:
    parts = function.split(":")
    name, rest = (parts[6], parts[7:]) if function.startswith("arn:") else (parts[0], parts[1:])
    qualifier = f":{rest[0]}" if rest else ""
    return f"arn:aws:lambda:{backend.region_name}:{backend.account_id}:function:{name}{qualifier}"


def _of_other_accounts(original: Any) -> Any:
    """A layer of another account, such as AWS's own, is there: nobody here can look into it."""

    @wraps(original)
    def find(self: Any, arn: str) -> Any:
        parts = arn.split(":")
        if len(parts) == 8 and parts[3] == self.region_name and parts[4] != self.account_id:
            return SimpleNamespace(arn=arn, code_size=0)
        return original(self, arn)

    return find


def _configs(response: Any, after: str) -> tuple[dict[str, Any], str, str]:
    """What a function's qualifiers have, the qualifier asked for, and the ARN of both."""
    name = unquote(response.path.partition("/functions/")[2].partition(after)[0])
    qualifier = response.querystring.get("Qualifier", ["$LATEST"])[0]
    function = response.backend.get_function(name, None if qualifier == "$LATEST" else qualifier)
    latest = response.backend.get_function(function.function_name)
    arn = f"{_asked_arn(response.backend, function.function_name)}:{qualifier}"
    return kept(latest, "invoke_configs"), qualifier, arn


def _put(self: Any) -> Any:
    from moto.awslambda.models import EventInvokeConfig
    from moto.core.responses import ActionResult

    held, qualifier, arn = _configs(self, "/event-invoke-config")
    wanted = {key: value for key, value in self.json_body.items() if key not in ("FunctionName", "Qualifier")}
    wanted["DestinationConfig"] = {"OnSuccess": {}, "OnFailure": {}} | wanted.get("DestinationConfig", {})
    held[qualifier] = EventInvokeConfig(arn, now(), wanted).response()
    return ActionResult(held[qualifier])


def _get(self: Any) -> Any:
    from moto.awslambda.exceptions import UnknownEventConfig
    from moto.core.responses import ActionResult

    held, qualifier, arn = _configs(self, "/event-invoke-config")
    if qualifier not in held:
        raise UnknownEventConfig(arn)
    return ActionResult(held[qualifier])


def _delete(self: Any) -> Any:
    from moto.awslambda.exceptions import UnknownEventConfig

    held, qualifier, arn = _configs(self, "/event-invoke-config")
    if held.pop(qualifier, None) is None:
        raise UnknownEventConfig(arn)
    return 204, {"status": 204}, "{}"


def _list(self: Any) -> Any:
    from moto.core.responses import ActionResult

    held, _, _ = _configs(self, "/event-invoke-config")
    return ActionResult({"FunctionEventInvokeConfigs": list(held.values())})
