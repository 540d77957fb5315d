"""The life of one object under a configured provider, from the engine's question to the target and back."""

from __future__ import annotations

import base64
import hashlib
import random
import time
from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.provider.differ import Change
from sandbox.provider.errors import Failure, HandlerError, InvalidInputs
from sandbox.provider.journal import Journal
from sandbox.provider.kubernetes import changes, drift, interrupted, judge
from sandbox.provider.kubernetes.kinds import Kinds
from sandbox.provider.kubernetes.kubeconfig import Configuration
from sandbox.provider.kubernetes.objects import DEFAULT_NAMESPACE, RELEASE, Key, Kind, at, key_of, kind_of_token, mapping
from sandbox.provider.kubernetes.target import CLUSTER, AlreadyThereError, NotReadyError, Target
from sandbox.provider.values import UNKNOWN, Properties, Secret, known

HELD_BY = "__heldBy"
"""Output that says which target holds the object."""
SUPPORT = "__support"
"""Output that says how it is held: `held`, `partly` or `recorded`."""
MANAGER = "__fieldManager"
_SECRET = Kind("", "v1", "Secret")
_OWN = (HELD_BY, SUPPORT, MANAGER, "__inputs", "__initialApiVersion")
_AUTONAME_DIGITS = 8
_PAUSES = (0.1, 0.3, 0.9, 2.7, 8.1)
"""Seconds between looks for a namespace."""
_LONGEST_NAME = 253
_PROPAGATION = "pulumi.com/deletionPropagationPolicy"


class UnreadyError(HandlerError):
    """The object is there, and did not become ready: the state must hold it all the same."""

    def __init__(self, message: str, resource_id: str, outputs: Properties) -> None:
        super().__init__(message)
        self.resource_id = resource_id
        self.outputs = outputs


class Objects:
    """Thread-safe."""

    def __init__(self, configuration: Configuration, target: Target, kinds: Kinds, journal: Journal) -> None:
        self._configuration = configuration
        self._target = target
        self._kinds = kinds
        self._journal = journal

    def check(self, urn: str, token: str, olds: Properties, news: Properties, seed: bytes) -> Properties:
        """The inputs as they will be applied: kind, name and namespace filled in.

        Raises InvalidInputs with everything that the API server would refuse about the object alone.
        """
        kind = kind_of_token(token)
        inputs: Properties = _dashed(news)
        inputs.setdefault("apiVersion", kind.api_version)
        inputs.setdefault("kind", kind.name)
        metadata = inputs.get("metadata", {})
        if metadata is UNKNOWN:
            return inputs
        if not isinstance(metadata, Mapping):
            raise InvalidInputs(Failure("metadata", "must be an object"))
        inputs["metadata"] = dict(metadata)
        self._name(urn, inputs, olds, seed)
        if self._configuration.namespace and not self._kinds.cluster_wide(kind):
            inputs["metadata"].setdefault("namespace", self._configuration.namespace)
        self._kinds.remember(inputs)
        problems = [*self._kinds.problems(kind, inputs), *judge.alone(inputs)]
        if problems:
            raise InvalidInputs(*(Failure(problem.path, problem.message) for problem in problems))
        return inputs

    def _name(self, urn: str, inputs: Properties, olds: Properties, seed: bytes) -> None:
        metadata = inputs["metadata"]
        if metadata.get("name") is not None:
            return
        if metadata.get("generateName") is not None:
            raise InvalidInputs(Failure("metadata.generateName", "does not go with server-side apply: give metadata.name, or neither"))
        earlier = mapping(olds.get("metadata"))
        if at(earlier, "annotations", changes.AUTONAMED) == "true":
            metadata["name"] = earlier["name"]
        elif olds and earlier.get("name"):
            # The program no longer says the name; the real provider draws another only for a replacement.
            metadata["name"] = earlier["name"]
            return
        else:
            digits = f"{random.Random(seed or urn).getrandbits(4 * _AUTONAME_DIGITS):0{_AUTONAME_DIGITS}x}"  # noqa: S311 - a name
            metadata["name"] = f"{urn.rsplit('::', 1)[-1][: _LONGEST_NAME - _AUTONAME_DIGITS - 1]}-{digits}"
        annotations = metadata.get("annotations", {})
        if annotations is not UNKNOWN:
            metadata["annotations"] = {**annotations, changes.AUTONAMED: "true"}

    def diff(self, token: str, old_inputs: Properties, news: Properties) -> tuple[list[Change], bool]:
        """What differs, and whether a replacement must wait for the old object's end."""
        kind = kind_of_token(token)
        found = changes.changes(kind, old_inputs, news, replaced_with=self._replaced_with(kind, news))
        return found, changes.replaced_in_place(old_inputs, news)

    def _replaced_with(self, kind: Kind, news: Properties) -> tuple[str, ...]:
        fixed = at(news, "immutable") is True
        if kind.group == "" and kind.name == "Secret" and (fixed or not self._configuration.mutable_secrets):
            return ("data", "stringData")
        if kind.group == "" and kind.name == "ConfigMap" and (fixed or not self._configuration.mutable_config_maps):
            return ("data", "binaryData")
        return ()

    def preview_create(self, urn: str, token: str, inputs: Properties) -> Properties:
        """The object as far as it is known before it is there; refused when the target would refuse it now."""
        if known(inputs):
            self._admit(kind_of_token(token), inputs, self._namespace(inputs))
        return self._outputs(token, _as_held(inputs), _manager(urn))

    def preview_update(self, urn: str, token: str, olds: Properties, news: Properties) -> Properties:
        """The object as it will be: what the server added stays."""
        kind, before = kind_of_token(token), _without_own(olds)
        self._same_target(olds, kind)
        if known(news):
            self._admit(kind, news, self._namespace(news))
            self._keep_fixed(kind, before, news)
        return self._outputs(token, _merged(before, _as_held(news)), str(olds.get(MANAGER) or _manager(urn)))

    def create(self, urn: str, token: str, inputs: Properties, timeout: float = 0) -> tuple[str, Properties]:
        """Makes it, or finishes what an interrupted run began."""
        kind, key = kind_of_token(token), self._key(inputs)
        self._admit(kind, inputs, self._awaited_namespace(kind, key))
        what = interrupted.note(self._target, kind, key)
        operation = self._journal.begin(urn, token, "", what)
        if operation.resumed and operation.inputs != what:
            interrupted.end(self._target, operation.inputs)
            self._journal.forget(operation.id)
            operation = self._journal.begin(urn, token, "", what)
        try:
            live = self._target.create(urn, key, _as_held(inputs), manager=_manager(urn), resumed=operation.resumed, timeout=timeout)
        except NotReadyError as error:
            self._journal.complete(operation, key.id)
            raise UnreadyError(str(error), key.id, self._outputs(token, error.live, _manager(urn))) from error
        except AlreadyThereError:
            # It is not ours to end, when what interrupted runs left is looked for.
            self._journal.forget(operation.id)
            raise
        self._journal.complete(operation, key.id)
        return key.id, self._outputs(token, live, _manager(urn))

    def read(self, urn: str, token: str, resource_id: str, state: Properties, inputs: Properties) -> tuple[Properties, Properties] | None:
        """(inputs, outputs) as the target has them now; None when it is gone."""
        kind = kind_of_token(token)
        importing = not state and not inputs
        if not importing:
            self._same_target(state, kind)
        namespace, _, name = resource_id.rpartition("/")
        if not namespace and not self._kinds.cluster_wide(kind):
            namespace = DEFAULT_NAMESPACE
        live = self._target.read(Key(kind.group, kind.name, namespace, name), kind)
        if live is None:
            if importing:
                raise HandlerError(f"{kind} {resource_id!r} is not there, so it cannot be imported: check namespace and name")
            return None
        outputs = self._outputs(token, live, str(state.get(MANAGER) or _manager(urn)))
        if importing:
            return drift.declared_by(live), outputs
        return drift.inputs(inputs, live), outputs

    def update(
        self, urn: str, token: str, olds: Properties, news: Properties, timeout: float = 0, *, ignored: Sequence[str] = ()
    ) -> Properties:
        """Changes it in place; running it again after an interruption is safe."""
        kind = kind_of_token(token)
        self._same_target(olds, kind)
        self._admit(kind, news, self._namespace(news))
        self._keep_fixed(kind, _without_own(olds), news)
        manager = str(olds.get(MANAGER) or _manager(urn))
        key = self._key(news)
        try:
            live = self._target.update(urn, key, _as_held(news), manager=manager, timeout=timeout, ignored=ignored)
        except NotReadyError as error:
            raise UnreadyError(str(error), key.id, self._outputs(token, error.live, manager)) from error
        return self._outputs(token, live, manager)

    def delete(self, token: str, resource_id: str, state: Properties, timeout: float = 0) -> None:
        """Ends it; what is gone already is no error."""
        kind = kind_of_token(token)
        self._same_target(state, kind)
        namespace, _, name = resource_id.rpartition("/")
        if not namespace and not self._kinds.cluster_wide(kind):
            namespace = DEFAULT_NAMESPACE
        wish = str(at(state, "metadata", "annotations", _PROPAGATION) or "foreground").lower()
        propagation = {"orphan": "Orphan", "background": "Background"}.get(wish, "Foreground")
        self._target.delete(Key(kind.group, kind.name, namespace, name), kind, propagation=propagation, timeout=timeout)

    def acknowledge(self, urn: str, resource_id: str) -> None:
        """The state knows this object."""
        self._journal.acknowledge(urn, resource_id)

    def _key(self, inputs: Properties) -> Key:
        group, _, version = str(inputs["apiVersion"]).rpartition("/")
        return key_of(inputs, cluster_wide=self._kinds.cluster_wide(Kind(group, version, str(inputs["kind"]))))

    def _namespace(self, inputs: Properties) -> Properties | None:
        return self._target.namespace(str(at(inputs, "metadata", "namespace") or DEFAULT_NAMESPACE))

    def _awaited_namespace(self, kind: Kind, key: Key) -> Properties | None:
        """The namespace, given a moment as the real provider does: it may be made at the same time. InvalidInputs when it does not come."""
        if self._kinds.cluster_wide(kind):
            return None
        for pause in (*_PAUSES, None):
            if (found := self._target.namespace(key.namespace)) is not None:
                return found
            if pause is not None:
                time.sleep(pause)
        raise InvalidInputs(
            Failure("metadata.namespace", f"there is no namespace {key.namespace}: declare it, and let this object wait for it")
        )

    def _admit(self, kind: Kind, inputs: Properties, namespace: Properties | None) -> None:
        """Raises InvalidInputs for what the namespace does not let in; one that is still to be made says nothing."""
        if namespace is None or self._kinds.cluster_wide(kind):
            return
        problems = list(judge.admission(self._target, inputs, namespace))
        if problems:
            raise InvalidInputs(*(Failure(problem.path, problem.message) for problem in problems))

    def _keep_fixed(self, kind: Kind, before: Properties, news: Properties) -> None:
        """Raises HandlerError for a change that no cluster allows; a real API server says so itself, and knows its own defaults."""
        if self._target.name == CLUSTER:
            return
        if refused := changes.immutable(kind, before, _merged(before, _as_held(news))):
            raise HandlerError(
                f"{kind} {at(news, 'metadata', 'name')}: {', '.join(refused)} cannot be changed once it is there: "
                "put it back, or let the object be replaced (`replace_on_changes`, or another name)"
            )

    def _same_target(self, state: Properties, kind: Kind) -> None:
        """Raises HandlerError when another target holds the object than the one that is there now."""
        held = state.get(HELD_BY)
        if held in (None, self._target.name):
            return
        there = "the real API server of `make cluster`" if held == CLUSTER else "the emulated cloud's records"
        raise HandlerError(
            f"{kind} {at(state, 'metadata', 'name')} is held by {there}, and this stack's objects now go elsewhere: run `make up`, "
            "which lets the state forget what stands there and applies everything anew"
        )

    def _outputs(self, token: str, live: Properties, manager: str) -> Properties:
        kind = kind_of_token(token)
        outputs = secrets_of(token, live)
        support = "held" if self._target.name == CLUSTER else "partly" if self._kinds.is_defined(kind) else "recorded"
        return {**outputs, HELD_BY: self._target.name, SUPPORT: support, MANAGER: manager}


def secrets_of(token: str, inputs: Properties) -> Properties:
    """Inputs with that marked which is secret whether or not the program says so."""
    if token == RELEASE or kind_of_token(token) != _SECRET:
        return inputs
    return {name: Secret(value) if name in ("data", "stringData") and value is not UNKNOWN else value for name, value in inputs.items()}


def _as_held(inputs: Properties) -> Properties:
    """The object as a server keeps it: a Secret's texts among its data."""
    texts = inputs.get("stringData")
    if inputs.get("kind") != "Secret" or not isinstance(texts, Mapping):
        return inputs
    encoded = {key: value if value is UNKNOWN else base64.b64encode(str(value).encode()).decode() for key, value in texts.items()}
    return {**{name: value for name, value in inputs.items() if name != "stringData"}, "data": {**mapping(inputs.get("data")), **encoded}}


def _merged(before: Properties, after: Properties) -> Properties:
    """The new object with what the server added to the old one."""
    own = ("uid", "resourceVersion", "creationTimestamp", "generation", "managedFields")
    earlier = mapping(before.get("metadata"))
    kept = {name: earlier[name] for name in own if name in earlier}
    status = {"status": before["status"]} if "status" in before else {}
    if not isinstance(after.get("metadata"), Mapping):
        return {**after, **status}
    return {**after, "metadata": {**after["metadata"], **kept}, **status}


def _without_own(state: Properties) -> Properties:
    return {name: value for name, value in state.items() if name not in _OWN}


def _manager(urn: str) -> str:
    """The field manager's name, of the form that the real provider draws; the same again for the same resource."""
    return f"pulumi-kubernetes-{hashlib.sha256(urn.encode()).hexdigest()[:8]}"


def _dashed(value: Any) -> Any:
    """The API's own names for members that a program spells with underscores (`x_kubernetes_preserve_unknown_fields`)."""
    if isinstance(value, Mapping):
        return {name.replace("_", "-") if name.startswith("x_kubernetes_") else name: _dashed(item) for name, item in value.items()}
    return [_dashed(item) for item in value] if isinstance(value, list) else value
