"""Rendered Kubernetes objects as data: found by kind and name, and who they mean by a selector."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Object = Mapping[str, Any]


class ManifestError(Exception):
    """What is rendered cannot run: which object, what it lacks."""


@dataclass(frozen=True, slots=True)
class Objects:
    """All that is rendered for one cluster, or the part of it that is to run."""

    all: tuple[Object, ...]

    @classmethod
    def of(cls, objects: Iterable[Object]) -> Objects:
        """The objects, without empty documents."""
        return cls(tuple(each for each in objects if each and each.get("kind")))

    def kinds(self, *kinds: str, namespace: str | None = None) -> Iterator[Object]:
        """Objects of these kinds, in one namespace or in all."""
        for each in self.all:
            if each["kind"] in kinds and namespace in {None, namespace_of(each)}:
                yield each

    def find(self, kind: str, namespace: str, name: str) -> Object | None:
        """The object, or None."""
        return next((each for each in self.kinds(kind, namespace=namespace) if name_of(each) == name), None)

    def get(self, kind: str, namespace: str, name: str) -> Object:
        """The object. ManifestError names what is there instead."""
        found = self.find(kind, namespace, name)
        if found is None:
            there = ", ".join(sorted(name_of(each) for each in self.kinds(kind, namespace=namespace))) or "none"
            raise ManifestError(f"no {kind} {namespace}/{name} is rendered; there: {there}")
        return found

    def names_of_pod(self, namespace: str, labels: Mapping[str, str]) -> set[str]:
        """The names under which other pods reach a pod with these labels: those of the Services that select it."""
        names: set[str] = set()
        for service in self.kinds("Service", namespace=namespace):
            selector = service.get("spec", {}).get("selector") or {}
            if selector and selector.items() <= labels.items():
                short = name_of(service)
                names |= {short, *(f"{short}.{namespace}{end}" for end in ("", ".svc", ".svc.cluster.local"))}
        return names


def name_of(thing: Object) -> str:
    """Its name."""
    return str(thing["metadata"]["name"])


def namespace_of(thing: Object) -> str:
    """Its namespace."""
    return str(thing["metadata"].get("namespace", "default"))


def pod_template(thing: Object) -> Object:
    """The pod that a workload makes: a Deployment, StatefulSet, Job or CronJob. ManifestError for another kind."""
    match thing["kind"]:
        case "Deployment" | "StatefulSet" | "DaemonSet" | "Job":
            template = thing["spec"]["template"]
        case "CronJob":
            template = thing["spec"]["jobTemplate"]["spec"]["template"]
        case other:
            raise ManifestError(f"{other} {name_of(thing)} makes no pod: give a Deployment, StatefulSet, DaemonSet, Job or CronJob")
    return dict(template)
