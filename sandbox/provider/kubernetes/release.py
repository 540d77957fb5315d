"""Charts: what a program asks of Helm, checked as far as it can be without the chart, and recorded with its values."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from typing import Any

from sandbox.provider.differ import Change, leaves
from sandbox.provider.errors import Failure, HandlerError, InvalidInputs
from sandbox.provider.facts.problem import did_you_mean, shown
from sandbox.provider.journal import Journal
from sandbox.provider.kubernetes import interrupted, names
from sandbox.provider.kubernetes.kubeconfig import Configuration
from sandbox.provider.kubernetes.objects import DEFAULT_NAMESPACE, Key, Kind, mapping
from sandbox.provider.kubernetes.target import AlreadyThereError, Emulated, Target
from sandbox.provider.values import UNKNOWN, Properties, canonical, known

HELD_BY, SUPPORT = "__heldBy", "__support"
_KIND = Kind("helm.sh", "v3", "Release")
_TEXT, _FLAG, _NUMBER, _OBJECT, _LIST = (str,), (bool,), (int,), (dict,), (list,)
FIELDS: dict[str, tuple[type, ...]] = {
    "allowNullValues": _FLAG,
    "atomic": _FLAG,
    "chart": _TEXT,
    "cleanupOnFail": _FLAG,
    "compat": _TEXT,
    "createNamespace": _FLAG,
    "dependencyUpdate": _FLAG,
    "description": _TEXT,
    "devel": _FLAG,
    "disableCRDHooks": _FLAG,
    "disableOpenapiValidation": _FLAG,
    "disableWebhooks": _FLAG,
    "forceUpdate": _FLAG,
    "keyring": _TEXT,
    "lint": _FLAG,
    "manifest": _OBJECT,
    "maxHistory": _NUMBER,
    "name": _TEXT,
    "namespace": _TEXT,
    "postrender": _TEXT,
    "recreatePods": _FLAG,
    "renderSubchartNotes": _FLAG,
    "replace": _FLAG,
    "repositoryOpts": _OBJECT,
    "resetValues": _FLAG,
    "resourceNames": _OBJECT,
    "reuseValues": _FLAG,
    "skipAwait": _FLAG,
    "skipCrds": _FLAG,
    "takeOwnership": _FLAG,
    "timeout": _NUMBER,
    "valueYamlFiles": _LIST,
    "values": _OBJECT,
    "verify": _FLAG,
    "version": _TEXT,
    "waitForJobs": _FLAG,
}
"""Source: https://www.pulumi.com/registry/packages/kubernetes/api-docs/helm/v3/release/"""
_REPLACING = ("name", "namespace")
_LONGEST_NAME = 53
"""Source: https://helm.sh/docs/chart_template_guide/getting_started/ (release names are limited because of DNS)."""
_NAME_DIGITS = 8
_VERSION = re.compile(r"v?\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?")


class Releases:
    """Thread-safe. On every target a release is recorded: no chart is fetched, and nothing of it runs."""

    def __init__(self, configuration: Configuration, target: Emulated, cluster: Target, journal: Journal) -> None:
        """`target` keeps the records; `cluster` is where the stack's objects stand."""
        self._configuration = configuration
        self._target = target
        self._cluster = cluster
        self._journal = journal

    def check(self, urn: str, token: str, olds: Properties, news: Properties, seed: bytes) -> Properties:
        """The inputs with name and namespace; InvalidInputs for what Helm would refuse without reading the chart."""
        del token
        inputs = {key: value for key, value in news.items() if key not in ("compat", "resourceNames")}
        if "name" not in inputs:
            digits = f"{random.Random(seed or urn).getrandbits(4 * _NAME_DIGITS):0{_NAME_DIGITS}x}"  # noqa: S311 - a name
            inputs["name"] = olds.get("name") or f"{urn.rsplit('::', 1)[-1][: _LONGEST_NAME - _NAME_DIGITS - 1]}-{digits}"
        inputs.setdefault("namespace", self._configuration.namespace or DEFAULT_NAMESPACE)
        failures = list(_failures(inputs))
        if failures:
            raise InvalidInputs(*failures)
        return inputs

    def diff(self, token: str, old_inputs: Properties, news: Properties) -> tuple[list[Change], bool]:
        """What differs; a release of another name or namespace is another release."""
        del token
        found = []
        for key in sorted(old_inputs.keys() | news.keys()):
            before, after = old_inputs.get(key), news.get(key)
            if canonical(before) != canonical(after) or not known(after):
                found += [Change(path, kind, key in _REPLACING) for path, kind in leaves(key, before, after)]
        return found, False

    def preview_create(self, urn: str, token: str, inputs: Properties) -> Properties:
        """What is known before Helm has run."""
        del urn, token
        return self._outputs(inputs, UNKNOWN)

    def preview_update(self, urn: str, token: str, olds: Properties, news: Properties) -> Properties:
        """What is known before Helm has run again."""
        del urn, token, olds
        return self._outputs(news, UNKNOWN)

    def create(self, urn: str, token: str, inputs: Properties, timeout: float = 0) -> tuple[str, Properties]:
        """Records it."""
        del timeout
        key = _key(inputs)
        self._namespace(key, inputs)
        what = interrupted.note(self._target, _KIND, key)
        operation = self._journal.begin(urn, token, "", what)
        if operation.resumed and operation.inputs != what:
            interrupted.end(self._target, operation.inputs)
            self._journal.forget(operation.id)
            operation = self._journal.begin(urn, token, "", what)
        try:
            self._put(urn, key, inputs, new=True)
        except AlreadyThereError:
            self._journal.forget(operation.id)
            raise
        self._journal.complete(operation, key.id)
        return key.id, self._outputs(inputs, 1)

    def read(self, urn: str, token: str, resource_id: str, state: Properties, inputs: Properties) -> tuple[Properties, Properties] | None:
        """As it was recorded; None when it is gone."""
        del urn, token
        namespace, _, name = resource_id.rpartition("/")
        held = self._target.read(Key(_KIND.group, _KIND.name, namespace or DEFAULT_NAMESPACE, name), _KIND)
        if held is None:
            if not state and not inputs:
                raise HandlerError(f"release {resource_id!r} is not there, so it cannot be imported: check namespace and name")
            return None
        asked = mapping(held.get("spec"))
        return asked, self._outputs(asked, int(held["metadata"]["generation"]))

    def update(
        self, urn: str, token: str, olds: Properties, news: Properties, timeout: float = 0, *, ignored: Sequence[str] = ()
    ) -> Properties:
        """Records the new revision."""
        del token, olds, timeout, ignored
        stored = self._put(urn, _key(news), news, new=False)
        return self._outputs(news, int(stored["metadata"]["generation"]))

    def delete(self, token: str, resource_id: str, state: Properties, timeout: float = 0) -> None:
        """Drops the record."""
        del token, state, timeout
        self._drop(resource_id)

    def acknowledge(self, urn: str, resource_id: str) -> None:
        """The state knows this release."""
        self._journal.acknowledge(urn, resource_id)

    def _drop(self, resource_id: str) -> None:
        namespace, _, name = resource_id.rpartition("/")
        key = Key(_KIND.group, _KIND.name, namespace or DEFAULT_NAMESPACE, name)
        self._target.delete(key, _KIND, propagation="Foreground", timeout=0)

    def _put(self, urn: str, key: Key, inputs: Properties, *, new: bool) -> Properties:
        item = {
            "apiVersion": _KIND.api_version,
            "kind": _KIND.name,
            "metadata": {"name": key.name, "namespace": key.namespace},
            "spec": inputs,
        }
        if new:
            return self._target.create(urn, key, item, manager="", resumed=True, timeout=0)
        return self._target.update(urn, key, item, manager="", timeout=0)

    def _namespace(self, key: Key, inputs: Properties) -> None:
        if not inputs.get("createNamespace") and self._cluster.namespace(key.namespace) is None:
            raise InvalidInputs(
                Failure("namespace", f"there is no namespace {key.namespace}: declare it, and let this release wait for it")
            )

    def _outputs(self, inputs: Properties, revision: Any) -> Properties:
        chart = inputs.get("chart")
        status = {
            "name": inputs["name"],
            "namespace": inputs["namespace"],
            "chart": chart.rpartition("/")[2] if isinstance(chart, str) else chart,
            "version": inputs.get("version"),
            "revision": revision,
            "status": "deployed",
        }
        return {**inputs, "status": status, "resourceNames": {}, HELD_BY: self._target.name, SUPPORT: "recorded"}


def _key(inputs: Properties) -> Key:
    return Key(_KIND.group, _KIND.name, str(inputs["namespace"]), str(inputs["name"]))


def _failures(inputs: Properties) -> Any:
    for key, value in inputs.items():
        if key not in FIELDS:
            yield Failure(key, f"unknown field: {did_you_mean(key, list(FIELDS))}")
        elif value is not UNKNOWN and not isinstance(value, FIELDS[key]):
            yield Failure(key, f"must be {' or '.join(kind.__name__ for kind in FIELDS[key])} (got {shown(value)})")
    if not inputs.get("chart"):
        yield Failure("chart", "is required: the chart's name, an oci:// address or a path")
    version = inputs.get("version")
    if isinstance(version, str) and not _VERSION.fullmatch(version):
        yield Failure(
            "version", f"must be one version, such as 1.2.3: a range installs what is newest at that moment (got {shown(version)})"
        )
    name = inputs["name"]
    if isinstance(name, str):
        if len(name) > _LONGEST_NAME:
            yield Failure("name", f"a release's name has at most {_LONGEST_NAME} characters (got {len(name)})")
        told = {"apiVersion": _KIND.api_version, "kind": _KIND.name, "metadata": {"name": name}}
        yield from (Failure("name", problem.message) for problem in names.problems(told))
