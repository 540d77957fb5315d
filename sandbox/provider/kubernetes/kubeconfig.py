"""The provider's configuration: which cluster, and what is assumed for objects that do not say it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.provider.errors import Failure, InvalidInputs
from sandbox.provider.values import UNKNOWN, Properties

_HELP = "the text of a kubeconfig (JSON or YAML), or the path of one"


@dataclass(frozen=True, slots=True)
class Cluster:
    """The cluster that a kubeconfig's current context means."""

    name: str
    server: str
    """https address of its API."""
    namespace: str | None
    """Where the context puts objects that name no namespace."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a provider resource says."""

    cluster: Cluster
    namespace: str | None
    """Where objects go that name no namespace; None is the cluster's own default."""
    mutable_config_maps: bool
    """Whether a changed ConfigMap is updated; otherwise it is replaced."""
    mutable_secrets: bool

    @classmethod
    def parse(cls, properties: Properties) -> Configuration:
        """From the provider's inputs, in which nested values arrive as text.

        Raises InvalidInputs when no cluster is named, or the kubeconfig cannot be read.
        """
        if properties.get("renderYamlToDirectory"):
            raise InvalidInputs(Failure("renderYamlToDirectory", "the sandbox renders no files this way: run `make manifests`"))
        if not _flag(properties, "enableServerSideApply", default=True):
            raise InvalidInputs(Failure("enableServerSideApply", "must be on: the sandbox applies objects on the server only"))
        found = cluster_of(properties)
        return cls(
            cluster=found,
            namespace=properties.get("namespace") or found.namespace,
            mutable_config_maps=_flag(properties, "enableConfigMapMutable", default=False),
            mutable_secrets=_flag(properties, "enableSecretMutable", default=False),
        )


def cluster_of(properties: Mapping[str, Any]) -> Cluster:
    """The cluster that a provider's inputs name; InvalidInputs when they name none."""
    told = properties.get("kubeconfig")
    if told in (None, ""):
        # The real provider would take a person's own ~/.kube/config here, and so reach a real cluster.
        raise InvalidInputs(Failure("kubeconfig", f"no kubeconfig: give the provider {_HELP}"))
    content = _read(told)
    chosen = properties.get("context") or content.get("current-context")
    context = _named(content, "contexts", "context", chosen)
    name = str(properties.get("cluster") or context.get("cluster", ""))
    server = _named(content, "clusters", "cluster", name).get("server")
    if not isinstance(server, str) or not server:
        raise InvalidInputs(Failure("kubeconfig", f"cluster {name!r} has no server address"))
    return Cluster(name, server.rstrip("/"), context.get("namespace"))


def _read(told: Any) -> dict[str, Any]:
    if isinstance(told, Mapping):
        return dict(told)
    text = str(told)
    if "\n" not in text and "{" not in text:
        path = Path(text).expanduser()
        try:
            text = path.read_text()
        except OSError as error:
            raise InvalidInputs(Failure("kubeconfig", f"cannot be read: {error}; give {_HELP}")) from None
    try:
        content = json.loads(text)
    except ValueError:
        import yaml

        try:
            content = yaml.safe_load(text)
        except yaml.YAMLError:
            content = None
    if not isinstance(content, dict):
        raise InvalidInputs(Failure("kubeconfig", f"is neither JSON nor YAML of a kubeconfig: give {_HELP}"))
    return content


def _named(content: Mapping[str, Any], group: str, member: str, name: Any) -> dict[str, Any]:
    entries = [entry for entry in content.get(group) or () if isinstance(entry, Mapping)]
    for entry in entries:
        if entry.get("name") == name:
            return dict(entry.get(member) or {})
    known = ", ".join(str(entry.get("name")) for entry in entries) or "none"
    raise InvalidInputs(Failure("kubeconfig", f"has no {member} {name!r}; it has {known}"))


def _flag(properties: Properties, name: str, *, default: bool) -> bool:
    value = properties.get(name)
    if value in (None, UNKNOWN):
        return default
    return value if isinstance(value, bool) else str(value).lower() == "true"
