"""What all resource types share: from the engine's question about one resource to its handler and back."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sandbox.provider import differ, registry
from sandbox.provider.clients import Clients
from sandbox.provider.configuration import Configuration
from sandbox.provider.errors import Failure, HandlerError, InvalidInputs, already_gone, is_gone
from sandbox.provider.facts import cloudformation, sdk, service_model
from sandbox.provider.handler import Call, Handler, Recorded
from sandbox.provider.journal import Journal, Operation
from sandbox.provider.values import UNKNOWN, Properties, UnknownValueError, canonical, known

_AUTONAME_DIGITS = 7


@dataclass(frozen=True)
class Cloud:
    """One configured provider: where its resources go."""

    configuration: Configuration
    clients: Clients
    account: str
    journal: Journal


class Resources:
    """The life of resources under one configured provider. Thread-safe as far as its handlers are (they hold no state)."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    def check(self, urn: str, token: str, olds: Properties, news: Properties, seed: bytes) -> Properties:
        """The inputs as they will be deployed: defaults, region and name filled in.

        Raises InvalidInputs with everything that the SDK, CloudFormation, the service's model or the handler finds wrong.
        """
        handler, facts = _handler(token), sdk.resource(token)
        inputs = {**handler.defaults, **news}
        if facts.has_region:
            inputs.setdefault("region", self._cloud.configuration.region)
        name = handler.autoname
        if name and name not in inputs and f"{name}Prefix" not in inputs:
            inputs[name] = olds.get(name) or handler.autoname_prefix + _autoname(urn, seed, handler.autoname_limit)
        call = self._call(urn, inputs, operation="")
        failures = [Failure(problem.path, problem.message) for problem in sdk.check_inputs(token, inputs, UNKNOWN)]
        if not failures:
            failures = self._deep_check(handler, call, inputs)
        if failures:
            raise InvalidInputs(*failures)
        return inputs

    def _deep_check(self, handler: Handler, call: Call, inputs: Properties) -> list[Failure]:
        if cloudformation.exists(handler.token, call.region) is False:
            return [Failure("region", f"{handler.token} does not exist in {call.region}: choose a region that has it")]
        found = [
            Failure(problem.path, problem.message) for problem in cloudformation.check_inputs(handler.token, inputs, call.region, UNKNOWN)
        ]
        if isinstance(handler, Recorded):
            problems = service_model.check_request(handler.service, handler.operation, handler.request(call, inputs), UNKNOWN)
            found += [Failure(problem.path, problem.message) for problem in problems]
        told = {failure.path for failure in found}
        return found + [failure for failure in handler.check(call, inputs) if failure.path not in told]

    def diff(self, token: str, old_inputs: Properties, old_outputs: Properties, news: Properties) -> list[differ.Change]:
        """What differs between the inputs of the last deployment and these."""
        handler = _handler(token)
        # What the program says only now may be what the service had chosen for it: compared with that, not with nothing.
        chosen = {key: old_outputs[key] for key in news if key not in old_inputs and old_outputs.get(key) is not None}
        found = differ.changes(handler, chosen | old_inputs, news)
        if not any(change.path.startswith("tags") for change in found) and "tagsAll" in sdk.resource(token).outputs:
            before, after = old_outputs.get("tagsAll") or {}, self._all_tags(news)
            if known(after) and before != after:
                found.append(differ.Change("tagsAll", "update", replaces=False))
        return found

    def preview_create(self, urn: str, token: str, inputs: Properties) -> Properties:
        """Outputs of a resource that does not exist yet: what can be known is, the rest is unknown."""
        handler = _handler(token)
        outputs = self._outputs(token, inputs, _predict(handler, self._call(urn, inputs, operation=""), inputs))
        return {key: UNKNOWN for key in sdk.resource(token).outputs if key not in outputs} | outputs

    def preview_update(self, urn: str, token: str, olds: Properties, news: Properties) -> Properties:
        """Outputs after an update: as they were, but for the inputs and what an update may change."""
        handler = _handler(token)
        stable = {key: value for key, value in olds.items() if key not in handler.volatile}
        predicted = _predict(handler, self._call(urn, news, operation=""), news)
        if known(news):
            # Otherwise an unknown input may be behind whatever is not predicted.
            predicted = _settled(predicted, stable)
        outputs = {**stable, **self._outputs(token, news, predicted)}
        return {key: UNKNOWN for key in handler.volatile if key not in outputs} | outputs

    def create(self, urn: str, token: str, inputs: Properties) -> tuple[str, Properties]:
        """Makes it, or finishes what an interrupted run began; never both."""
        handler = _handler(token)
        if isinstance(handler, Recorded):
            # Other inputs make another thing with another id; the same again makes the same, with nothing to keep in a journal.
            call = self._call(urn, inputs, operation=f"{urn}/{canonical(inputs)}")
            resource_id, outputs = handler.create(call, self._tagged(inputs))
            return resource_id, self._outputs(token, inputs, outputs)
        operation = self._cloud.journal.begin(urn, token, self._cloud.account, inputs)
        if operation.resumed and canonical(operation.inputs) != canonical(inputs):
            self.undo(operation)
            operation = self._cloud.journal.begin(urn, token, self._cloud.account, inputs)
        resource_id, outputs = self._run_create(operation, inputs)
        return resource_id, self._outputs(token, inputs, outputs)

    def undo(self, operation: Operation) -> None:
        """Ends what an interrupted creation made: it is finished from its own record first, so that its id is known."""
        handler = _handler(operation.token)
        try:
            resource_id, outputs = self._run_create(operation, operation.inputs)
            state = self._outputs(operation.token, operation.inputs, outputs)
            with self._passing(operation.urn, state) as call:
                _delete(handler, call, resource_id, state)
        finally:
            self._cloud.journal.forget(operation.id)

    def _run_create(self, operation: Operation, inputs: Properties) -> tuple[str, Properties]:
        handler = _handler(operation.token)
        call = self._call(operation.urn, inputs, operation.id)
        with self._cloud.clients.operation(operation.id):
            resource_id, outputs = handler.create(call, self._tagged(inputs))
        self._cloud.journal.complete(operation, resource_id)
        return resource_id, outputs

    def read(self, urn: str, token: str, resource_id: str, state: Properties, inputs: Properties) -> tuple[Properties, Properties] | None:
        """(inputs, outputs) as the cloud has them now; None when it is gone.

        Inputs keep the program's spelling wherever the cloud's value means the same, so that only drift shows. On import (no state)
        they are made from the outputs.
        """
        handler, facts = _handler(token), sdk.resource(token)
        importing = not state and not inputs
        call = self._call(urn, inputs or state, operation="")
        try:
            live = handler.read(call, resource_id, dict(state))
        except Exception as error:
            if is_gone(error):
                return None
            raise
        if live is None:
            if importing:
                raise HandlerError(f"{token} {resource_id!r} is not there, so it cannot be imported: check id and region")
            return None
        self._cloud.journal.acknowledge(urn, resource_id)
        # What was never there and is empty is no news, except to an import.
        news = live if importing else {key: value for key, value in live.items() if key in state or not _empty(value)}
        outputs = {**state, **news, **_as_remembered(handler, state, live)}
        if facts.has_region:
            outputs.setdefault("region", call.region)
        if "tagsAll" in facts.outputs and "tags" in live:
            outputs["tagsAll"] = live["tags"]
            own = self._own_tags(live["tags"] or {}, inputs)
            if own or "tags" in outputs:
                outputs["tags"] = own
        if importing:
            settable = {key: value for key, value in outputs.items() if key in facts.inputs and not _empty(value)}
            return settable, outputs
        return self._with_drift(handler, inputs, outputs), outputs

    def _with_drift(self, handler: Handler, inputs: Properties, outputs: Properties) -> Properties:
        result = dict(inputs)
        for key, before in inputs.items():
            after = outputs.get(key)
            if after is None or handler.equal(key, before, after):
                continue
            if key in handler.documents and differ.same_document(before, after):
                continue
            result[key] = after
        return result

    def update(self, urn: str, token: str, resource_id: str, olds: Properties, news: Properties) -> Properties:
        """Changes it in place; running it again after an interruption is safe."""
        handler = _handler(token)
        stable = {key: value for key, value in olds.items() if key not in sdk.resource(token).inputs}
        with self._passing(urn, news) as call:
            outputs = handler.update(call, resource_id, olds, self._tagged(news))
        return {**stable, **self._outputs(token, news, outputs)}

    def delete(self, urn: str, token: str, resource_id: str, state: Properties) -> None:
        """Ends it; what is gone already is no error."""
        with self._passing(urn, state) as call:
            _delete(_handler(token), call, resource_id, state)

    @contextmanager
    def _passing(self, urn: str, properties: Properties) -> Iterator[Call]:
        """An update or a delete: repeatable while it runs, of no interest afterwards."""
        identity = f"passing-{random.SystemRandom().getrandbits(64):016x}"
        with self._cloud.clients.operation(identity):
            yield self._call(urn, properties, identity)
        self._cloud.journal.forget(identity)

    def _call(self, urn: str, properties: Properties, operation: str) -> Call:
        region = properties.get("region")
        return Call(
            urn=urn,
            region=region if isinstance(region, str) else self._cloud.configuration.region,
            account=self._cloud.account,
            operation=operation,
            connect=self._cloud.clients.connect,
            teardown=os.environ.get("SANDBOX_TEARDOWN") == "1",
        )

    def _all_tags(self, inputs: Properties) -> Any:
        tags = inputs.get("tags", {})
        return UNKNOWN if tags is UNKNOWN else {**self._cloud.configuration.default_tags, **tags}

    def _own_tags(self, live: Mapping[str, str], inputs: Properties) -> dict[str, str]:
        """The resource's own tags among those the cloud shows: without the provider's defaults, unless it sets them itself."""
        own = inputs.get("tags") or {}
        defaults, ignored = self._cloud.configuration.default_tags, self._cloud.configuration.ignored_tag_keys
        return {key: value for key, value in live.items() if key not in ignored and (key in own or defaults.get(key) != value)}

    def _tagged(self, inputs: Properties) -> Properties:
        return {**inputs, "tagsAll": self._all_tags(inputs)}

    def _outputs(self, token: str, inputs: Properties, computed: Properties) -> Properties:
        outputs = {**inputs, **computed}
        if "tagsAll" in sdk.resource(token).outputs:
            outputs["tagsAll"] = self._all_tags(inputs)
        return outputs


def _handler(token: str) -> Handler:
    handler = registry.handlers().get(token)
    if handler is None:
        sdk.resource(token)  # says so, with the nearest names, when the SDK has no such type either
        raise HandlerError(f"the sandbox has no handler for {token}: on AWS it would be deployed; write one under sandbox/provider/aws/")
    return handler


def _delete(handler: Handler, call: Call, resource_id: str, state: Properties) -> None:
    with already_gone():
        handler.delete(call, resource_id, state)


def _predict(handler: Handler, call: Call, inputs: Properties) -> Properties:
    try:
        if isinstance(handler, Recorded) and known(inputs):
            return {**handler.identify(call, inputs)[1], **handler.preview(call, inputs)}
        return handler.preview(call, inputs)
    except UnknownValueError:
        return {}


def _settled(predicted: Any, old: Any) -> Any:
    """A prediction with what it does not know filled in by what is there already."""
    if predicted is UNKNOWN:
        return UNKNOWN if old is None else old
    if not isinstance(predicted, dict):
        return predicted
    before = old if isinstance(old, dict) else {}
    return {key: _settled(value, before.get(key)) for key, value in predicted.items()}


def _as_remembered(handler: Handler, state: Properties, live: Properties) -> Properties:
    """Live documents and sets that mean what is remembered, in the remembered spelling: nothing to report after a refresh."""
    return {
        key: state[key]
        for key in (handler.documents | handler.unordered) & live.keys() & state.keys()
        if handler.equal(key, state[key], live[key]) or (key in handler.documents and differ.same_document(state[key], live[key]))
    }


def _autoname(urn: str, seed: bytes, limit: int) -> str:
    """`<logical name>-<7 hex digits>`, as the real provider names what the program does not."""
    digits = f"{random.Random(seed or urn).getrandbits(4 * _AUTONAME_DIGITS):0{_AUTONAME_DIGITS}x}"  # noqa: S311 - a name
    return f"{urn.rsplit('::', 1)[-1][: limit - _AUTONAME_DIGITS - 1]}-{digits}"


def _empty(value: Any) -> bool:
    return value is None or value in ("", [], {})
