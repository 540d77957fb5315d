"""Target 2: a real API server. Objects are applied by the server, and waited for."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from sandbox.provider.errors import HandlerError
from sandbox.provider.kubernetes import drift, rollout
from sandbox.provider.kubernetes.objects import Key, Kind, at, kind_of
from sandbox.provider.kubernetes.target import CLUSTER, AlreadyThereError, NotReadyError
from sandbox.provider.values import Properties

_TRIES = 6
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 1.0
_PATIENCE_WITH_REFUSALS = 15.0
_FORCE = "pulumi.com/patchForce"
_SKIPPED_WHEN_DELETED = {"DaemonSet", "Deployment", "Job", "Namespace", "Pod", "ReplicationController", "StatefulSet"}
_STRICT = [("fieldValidation", "Strict")]


class Live:
    """Thread-safe."""

    name = CLUSTER

    def __init__(self, kubeconfig: Path) -> None:
        """Raises HandlerError when nothing answers."""
        # Both packages take a quarter of a second to load, which whoever has no cluster need not wait for.
        from kubernetes import config, dynamic

        self._path, self.address = kubeconfig, str(kubeconfig)
        mark = hashlib.sha256(kubeconfig.read_bytes()).hexdigest()[:12]
        # What an API server knows must not be remembered for the next one at its address.
        remembered = kubeconfig.with_suffix(f".{mark}.kinds")
        api = config.new_client_from_config(str(kubeconfig))
        api.configuration.retries = False
        self._client: Any = self._answered(lambda: dynamic.DynamicClient(api, cache_file=str(remembered)))
        told = self._client.version["kubernetes"]
        self.version = f"{told['major']}.{str(told['minor']).rstrip('+')}"
        self._lock = threading.Lock()
        self._left = threading.Event()

    def cancel(self) -> None:
        """Ends every wait."""
        self._left.set()

    def create(self, urn: str, key: Key, item: Properties, *, manager: str, resumed: bool, timeout: float) -> Properties:
        """Applies it and waits until it is ready."""
        del urn
        if not resumed and self.read(key, kind_of(item)) is not None:
            raise AlreadyThereError(
                f"{key} exists already, and this resource did not make it. When a resource of the program was renamed, tell the old "
                "name by an alias; to take over what somebody else made, `pulumi import` it"
            )
        return self._applied(key, item, manager, timeout)

    def update(self, urn: str, key: Key, item: Properties, *, manager: str, timeout: float, ignored: Sequence[str] = ()) -> Properties:
        """Applies it and waits until it is ready again."""
        del urn
        if ignored and (live := self.read(key, kind_of(item))) is not None:
            # What somebody else decides (replicas under an autoscaler) is no longer ours, and so no conflict.
            item = drift.without(item, [path for path in ignored if drift.differs(item, live, path)])
        return self._applied(key, item, manager, timeout)

    def read(self, key: Key, kind: Kind) -> Properties | None:
        """As the server has it."""
        from kubernetes.dynamic.exceptions import NotFoundError, ResourceNotFoundError

        try:
            resource = self._resource(kind)
            return _plain(self._answered(lambda: self._client.get(resource, name=key.name, namespace=key.namespace or None)))
        except (NotFoundError, ResourceNotFoundError):
            return None

    def delete(self, key: Key, kind: Kind, *, propagation: str, timeout: float) -> None:
        """Ends it and waits until it is gone."""
        from kubernetes.dynamic.exceptions import NotFoundError, ResourceNotFoundError

        live = self.read(key, kind)
        if live is None:
            return
        try:
            resource = self._resource(kind)
            body = {"apiVersion": "v1", "kind": "DeleteOptions", "propagationPolicy": propagation}
            self._answered(lambda: self._client.delete(resource, name=key.name, namespace=key.namespace or None, body=body))
        except (NotFoundError, ResourceNotFoundError):
            return
        if at(live, "metadata", "annotations", rollout.SKIP) == "true" and kind.name in _SKIPPED_WHEN_DELETED:
            return
        deadline, pause = time.monotonic() + rollout.seconds(live, timeout), _FIRST_PAUSE
        while (left := self.read(key, kind)) is not None and at(left, "metadata", "uid") == at(live, "metadata", "uid"):
            if time.monotonic() > deadline or self._left.wait(pause):
                finalizers = at(left, "metadata", "finalizers") or at(left, "spec", "finalizers")
                waits = f": it waits for {', '.join(map(str, finalizers))}" if finalizers else ""
                raise HandlerError(f"{key} was told to go and is still there{waits}")
            pause = min(2 * pause, _LONGEST_PAUSE)

    def namespace(self, name: str) -> Properties | None:
        """As the server has it."""
        return self.read(Key("", "Namespace", "", name), Kind("", "v1", "Namespace"))

    def objects(self, kinds: Collection[str], namespace: str | None = None) -> list[Properties]:
        """Those that the server has, in the version that it prefers."""
        found = []
        for name in kinds:
            for resource in self._resources(name):
                answer = self._answered(partial(self._client.get, resource, namespace=namespace or None))
                items = answer.to_dict().get("items") or ()
                found += [{"apiVersion": resource.group_version, "kind": resource.kind, **item} for item in items]
        return found

    def _applied(self, key: Key, item: Properties, manager: str, timeout: float) -> Properties:
        live = self._apply(key, item, manager)
        return self._settled(key, item, live, rollout.seconds(item, timeout))

    def _apply(self, key: Key, item: Properties, manager: str) -> Properties:
        from kubernetes.dynamic.exceptions import ConflictError, DynamicApiError, NotFoundError, ResourceNotFoundError

        kind, pause = kind_of(item), _FIRST_PAUSE
        force = at(item, "metadata", "annotations", _FORCE) == "true"
        for attempt in range(_TRIES):
            try:
                resource = self._resource(kind)
                namespace = key.namespace if resource.namespaced else None
                return _plain(
                    self._answered(
                        partial(
                            self._client.server_side_apply,
                            resource,
                            body=item,
                            name=key.name,
                            namespace=namespace,
                            field_manager=manager,
                            force_conflicts=force,
                            query_params=list(_STRICT),
                        )
                    )
                )
            except (NotFoundError, ResourceNotFoundError) as error:
                # Its namespace, or the definition of its kind, may be on the way.
                if attempt == _TRIES - 1 or self._left.wait(pause):
                    raise HandlerError(f"{key}: {_message(error) or f'the API server knows no {kind}'}") from error
                pause = min(2 * pause, 4.0)
            except ConflictError as error:
                raise HandlerError(
                    f"{key}: {_message(error)}. Leave that field to its owner (out of the program), or take it over with the annotation "
                    f'{_FORCE}: "true"'
                ) from error
            except DynamicApiError as error:
                raise HandlerError(f"{key} was refused: {_message(error)}") from error
        raise AssertionError("unreachable")

    def _settled(self, key: Key, item: Properties, live: Properties, patience: float) -> Properties:
        began, pause, stuck_since = time.monotonic(), _FIRST_PAUSE, None
        while True:
            found = rollout.standing(item, live, self._look)
            now = time.monotonic()
            stuck_since = (stuck_since or now) if found.stuck else None
            if found.ready:
                return live
            if found.failed or now - began > patience or (stuck_since is not None and now - stuck_since > _PATIENCE_WITH_REFUSALS):
                raise NotReadyError(f"{key} is there, but not ready after {now - began:.0f} s: {found.why}", live)
            if self._left.wait(pause):
                raise NotReadyError(f"{key} is there; the wait for it was ended: {found.why}", live)
            pause = min(1.5 * pause, _LONGEST_PAUSE)
            again = self.read(key, kind_of(item))
            if again is None:
                raise HandlerError(f"{key} was applied, and then somebody deleted it")
            live = again

    def _look(self, api_version: str, kind: str, name: str) -> Properties | None:
        group, _, version = api_version.rpartition("/")
        return self.read(Key(group, kind, "", name), Kind(group, version, kind))

    def _resource(self, kind: Kind) -> Any:
        with self._lock:
            return self._answered(lambda: self._client.resources.get(api_version=kind.api_version, kind=kind.name))

    def _resources(self, name: str) -> list[Any]:
        with self._lock:
            found = self._answered(lambda: self._client.resources.search(kind=name))
            return [
                resource for resource in found if resource.preferred and "/" not in resource.name and not resource.kind.endswith("List")
            ]

    def _answered(self, ask: Callable[[], Any]) -> Any:
        from kubernetes.client import ApiException
        from kubernetes.dynamic.exceptions import DynamicApiError
        from urllib3.exceptions import HTTPError

        try:
            return ask()
        except (HTTPError, OSError) as error:
            cause = " ".join(str(error).split())[:200]
            raise HandlerError(f"the API server of {self._path} does not answer ({cause}): run `make up`, which starts it again") from error
        except ApiException as error:
            if isinstance(error, DynamicApiError):
                raise
            raise HandlerError(f"the API server of {self._path} answered {error.status}: {error.reason}") from error


def _plain(answer: Any) -> Properties:
    """An object without what says who owns which of its fields, which only the server needs."""
    found: Properties = answer.to_dict()
    metadata = {name: value for name, value in found["metadata"].items() if name != "managedFields"}
    return {**found, "metadata": metadata}


def _message(error: Any) -> str:
    """What the server says, in one line."""
    body = getattr(error, "body", None)
    try:
        told = json.loads(body or "")
    except (TypeError, ValueError):
        return " ".join(str(body or error).split())[:500]
    return " ".join(str(told.get("message", told) if isinstance(told, Mapping) else told).split())
