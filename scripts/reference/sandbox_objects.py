"""The part of docs/reference/sandbox.md that is about objects of Kubernetes clusters."""

from __future__ import annotations

from collections import defaultdict

from config.load import load
from sandbox.provider.kubernetes import rollout
from sandbox.provider.kubernetes.objects import RELEASE, TEMPLATES, Kind
from sandbox.provider.kubernetes.schemas import Schemas

_INTRODUCTION = """\
## Objects of Kubernetes clusters

Every typed class of pulumi_kubernetes that stands for one object is served, and custom resources of any kind. How an object is held
depends on what there is:

| | without a cluster | after `make cluster` |
|---|---|---|
| objects of Kubernetes itself | **partly**: validated and recorded; no controller acts on it | **held** by a real API server |
| custom resources with a definition (applied by the program, or in the folder of definitions) | **partly**: checked against it | **held** |
| custom resources that nobody defines | **recorded** | refused by the API server |
| `{release}` | **recorded** with its values; its chart is not fetched | **recorded** |

Checked on both, before anything is applied: the whole structure against the schemas of the cluster's own version of Kubernetes (an
unknown field is an error), the words that a field takes, names, labels and annotations, what contradicts itself within an object
(selectors, volumes, ports, probes, restart policies, networks, requests over limits), the Pod Security Standard that the namespace
enforces, its LimitRange, and its ResourceQuota against a single pod. When all of a stack is there: references to ConfigMaps, Secrets,
ServiceAccounts, claims, Roles, Services and ports, what selectors select, and quotas against all replicas together; one that leads
nowhere fails `make up`.

Not decided without a cluster: whether pods start and become ready, rules in CEL (`x-kubernetes-validations`, admission policies),
webhooks, what a chart or an operator makes, keys within Secrets, addresses that the cluster assigns (`clusterIP`, load balancers).
With a cluster, pods run on nodes that kwok plays: they become ready whatever their image does, and every Service of type LoadBalancer and
every Ingress is given an address.
"""


def render() -> str:
    """The part, for the version of Kubernetes that the estate runs."""
    version = load("us-east-1").plan.cluster.version
    kinds = Schemas(version).all()
    groups: defaultdict[str, list[Kind]] = defaultdict(list)
    for kind in sorted(kinds, key=lambda kind: (kind.group, kind.name, kind.version)):
        groups[kind.group].append(kind)
    lines = [
        _INTRODUCTION.format(release=RELEASE),
        f"Kubernetes {version} has {len(kinds)} kinds of its own:",
        "",
        "| group | kinds, with what `make cluster` waits for |",
        "|---|---|",
    ]
    lines += [f"| `{group or 'core'}` | {', '.join(map(_told, listed))} |" for group, listed in sorted(groups.items())]
    return "\n".join(lines)


def _told(kind: Kind) -> str:
    what = rollout.AWAITED.get((kind.group, kind.name))
    name = f"{kind.name} ({kind.version})"
    if what is not None and (kind.group, kind.name) in TEMPLATES:
        return f"**{name}**, {what}"
    return f"{name}, {what}" if what else name
