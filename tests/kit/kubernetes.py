"""Judges the objects of a composed graph: what of them a cluster, an attacker or a lost zone would find wrong. Empty lists are good."""

import ipaddress
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.kit.recorder import Graph, Recorded

NAME_LABEL = "kubernetes.io/metadata.name"
ZONE = "topology.kubernetes.io/zone"
METADATA = ipaddress.IPv4Address("169.254.169.254")
RELEASE = "kubernetes:helm.sh/v3:Release"
ABSENT = "sandbox.invalid"
"""Registry of images whose digest no registry has told yet."""
LONG_RUNNING = ("Deployment", "StatefulSet", "DaemonSet")
OF_EKS = ("kube-system", "kube-public", "kube-node-lease", "default")
"""Namespaces that are in every cluster: nobody makes them."""

_OF_OURS_THERE = ("NetworkPolicy", "Role", "RoleBinding", "Service")
"""Kinds that may be put in a namespace that nobody makes; pods are in none."""

Item = Mapping[str, Any]


@dataclass(frozen=True)
class Workload:
    """What starts pods, and the template it starts them from."""

    object: Item
    template: Item
    kind: str

    @property
    def called(self) -> str:
        """Its kind, namespace and name."""
        return called(self.object)

    @property
    def pod(self) -> Item:
        """The pod's spec."""
        spec: Item = self.template.get("spec") or {}
        return spec

    @property
    def labels(self) -> Item:
        """The pod's labels."""
        found: Item = (self.template.get("metadata") or {}).get("labels") or {}
        return found

    @property
    def containers(self) -> list[Item]:
        """All containers, those that prepare included."""
        return [*(self.pod.get("initContainers") or []), *self.pod.get("containers", [])]


def objects(graph: Graph) -> list[Item]:
    """Return all that is applied to the cluster, without charts."""
    return [each.inputs for each in graph.resources if each.type.startswith("kubernetes:") and each.type != RELEASE]


def releases(graph: Graph) -> list[Recorded]:
    """Return the charts that are installed."""
    return graph.of_type(RELEASE)


def called(item: Item) -> str:
    """Return kind, namespace and name of an object."""
    meta = item.get("metadata") or {}
    return f"{item.get('kind')} {meta.get('namespace', '')}/{meta.get('name', '')}"


def namespace_of(item: Item) -> str:
    """Return the namespace that an object stands in; empty for one of the whole cluster."""
    return str((item.get("metadata") or {}).get("namespace") or "")


def name_of(item: Item) -> str:
    """Return an object's name."""
    return str((item.get("metadata") or {}).get("name") or "")


def of_kind(graph: Graph, *kinds: str) -> list[Item]:
    """Return the objects of some kinds."""
    return [each for each in objects(graph) if each.get("kind") in kinds]


def workloads(graph: Graph) -> list[Workload]:
    """Return all that starts pods from a template of ours."""
    direct = [Workload(each, each["spec"]["template"], each["kind"]) for each in of_kind(graph, *LONG_RUNNING, "Job")]
    timed = [Workload(each, each["spec"]["jobTemplate"]["spec"]["template"], "CronJob") for each in of_kind(graph, "CronJob")]
    return [*direct, *timed]


# Namespaces


def namespace_problems(graph: Graph) -> list[str]:
    """Return namespaces that do not refuse by default, look up no names, or let pods do more than a named exception allows."""
    policies = of_kind(graph, "NetworkPolicy")
    found = []
    for each in of_kind(graph, "Namespace"):
        found += [
            f"{name_of(each)}: {problem}" for problem in (*_open_problems(name_of(each), policies), *_security_problems(each["metadata"]))
        ]
    return found


def system_namespace_problems(graph: Graph) -> list[str]:
    """Return those of the namespaces that are in every cluster, that do not refuse by default or look up no names."""
    policies = of_kind(graph, "NetworkPolicy")
    return [f"{name}: {problem}" for name in OF_EKS for problem in _open_problems(name, policies)]


def _open_problems(name: str, policies: list[Item]) -> Iterator[str]:
    own = [policy for policy in policies if namespace_of(policy) == name]
    if not any(_denies_all(policy["spec"]) for policy in own):
        yield "no policy refuses all traffic in both directions"
    if not any(_allows_dns(policy["spec"]) for policy in own):
        yield f"no policy lets all pods look up names in kube-system by {NAME_LABEL}"


def _denies_all(spec: Item) -> bool:
    closed = not spec.get("ingress") and not spec.get("egress")
    return not spec.get("podSelector") and set(spec.get("policyTypes", ())) == {"Ingress", "Egress"} and closed


def _allows_dns(spec: Item) -> bool:
    if spec.get("podSelector"):
        return False
    return any(
        {"UDP", "TCP"} <= {port["protocol"] for port in rule.get("ports", ()) if port.get("port") == 53}
        and any((peer.get("namespaceSelector") or {}).get("matchLabels") == {NAME_LABEL: "kube-system"} for peer in rule.get("to", ()))
        for rule in spec.get("egress") or ()
    )


def _security_problems(meta: Item) -> Iterator[str]:
    level = (meta.get("labels") or {}).get("pod-security.kubernetes.io/enforce")
    if level is None:
        yield "no level of pod security is enforced"
    elif level != "restricted" and not (meta.get("annotations") or {}).get("morefocus.com/pod-security-exception"):
        yield f"pod security is {level!r}, and no exception says why"


def stray_problems(graph: Graph) -> list[str]:
    """Return objects and charts in a namespace that nobody makes."""
    made = {"", *(name_of(each) for each in of_kind(graph, "Namespace"))}
    stray = [called(each) for each in objects(graph) if namespace_of(each) not in (*OF_EKS, *made)]
    stray += [called(each) for each in objects(graph) if namespace_of(each) in OF_EKS and each["kind"] not in _OF_OURS_THERE]
    return stray + [f"chart {each.name}" for each in releases(graph) if each.inputs.get("namespace") not in made]


# Pods


def pod_problems(graph: Graph) -> list[str]:
    """Return what templates let pods do, or leave unsaid, against SEC-7 and BDR-7; what a namespace's exception allows is left out."""
    excepted = {
        name_of(each)
        for each in of_kind(graph, "Namespace")
        if each["metadata"]["labels"].get("pod-security.kubernetes.io/enforce") != "restricted"
    }
    bound = _bound_accounts(graph)
    found = []
    for each in workloads(graph):
        if namespace_of(each.object) not in excepted:
            found += [f"{each.called}: {problem}" for problem in _privilege_problems(each)]
        found += [f"{each.called}: {problem}" for problem in (*_token_problems(each, bound), *_container_problems(each))]
    return found


def _privilege_problems(each: Workload) -> Iterator[str]:
    pod = each.pod.get("securityContext") or {}
    for container in each.containers:
        own, name = container.get("securityContext") or {}, container["name"]
        if not (own.get("runAsNonRoot") or pod.get("runAsNonRoot")):
            yield f"{name} may run as root"
        if own.get("runAsUser", pod.get("runAsUser")) == 0:
            yield f"{name} runs as root"
        if own.get("allowPrivilegeEscalation") is not False or own.get("privileged"):
            yield f"{name} may gain privileges"
        if "ALL" not in ((own.get("capabilities") or {}).get("drop") or ()):
            yield f"{name} keeps capabilities"
        seccomp = own.get("seccompProfile") or pod.get("seccompProfile") or {}
        if seccomp.get("type") not in ("RuntimeDefault", "Localhost"):
            yield f"{name} has no seccomp profile"
    for kind in ("hostNetwork", "hostPID", "hostIPC"):
        if each.pod.get(kind):
            yield f"has {kind}"


def _token_problems(each: Workload, bound: set[tuple[str, str]]) -> Iterator[str]:
    account = each.pod.get("serviceAccountName") or "default"
    if each.pod.get("automountServiceAccountToken") is not False and (namespace_of(each.object), account) not in bound:
        yield f"mounts a token of service account {account}, which nothing allows to do anything"


def _bound_accounts(graph: Graph) -> set[tuple[str, str]]:
    return {
        (subject.get("namespace") or namespace_of(each), subject["name"])
        for each in of_kind(graph, "RoleBinding", "ClusterRoleBinding")
        for subject in each.get("subjects") or ()
        if subject["kind"] == "ServiceAccount"
    }


def _container_problems(each: Workload) -> Iterator[str]:
    for container in each.containers:
        resources, name = container.get("resources") or {}, container["name"]
        for kind in ("requests", "limits"):
            missing = {"cpu", "memory"} - set(resources.get(kind) or ())
            if missing:
                yield f"{name} says no {kind} of {', '.join(sorted(missing))}"
    if each.kind in LONG_RUNNING:
        for container in each.pod.get("containers", []):
            if not (container.get("livenessProbe") or container.get("readinessProbe")):
                yield f"{container['name']} has no probe"


def replica_problems(graph: Graph) -> list[str]:
    """Return workloads of more than one replica that one zone or one drained node could take away whole."""
    budgets = of_kind(graph, "PodDisruptionBudget")
    found = []
    for each in workloads(graph):
        if each.kind not in ("Deployment", "StatefulSet") or least_replicas(graph, each) < 2:
            continue
        spread = [rule["topologyKey"] for rule in each.pod.get("topologySpreadConstraints") or ()]
        if ZONE not in spread:
            found.append(f"{each.called}: replicas are not spread over zones")
        if not any(namespace_of(one) == namespace_of(each.object) and selects(one["spec"]["selector"], each.labels) for one in budgets):
            found.append(f"{each.called}: no PodDisruptionBudget keeps some of its replicas")
    return found


def least_replicas(graph: Graph, each: Workload) -> int:
    """Return how many pods there are at least: as written, or as its autoscaler keeps."""
    for scaler in of_kind(graph, "HorizontalPodAutoscaler", "ScaledObject"):
        spec = scaler["spec"]
        if namespace_of(scaler) == namespace_of(each.object) and spec["scaleTargetRef"]["name"] == name_of(each.object):
            return int(spec.get("minReplicas", spec.get("minReplicaCount", 1)) or 0)
    written = each.object["spec"].get("replicas")
    return 1 if written is None else int(written)


def selects(selector: Item, given: Mapping[str, Any]) -> bool:
    """Return whether a selector of labels chooses something that bears `given`."""
    if not all(given.get(key) == value for key, value in (selector.get("matchLabels") or {}).items()):
        return False
    for rule in selector.get("matchExpressions") or ():
        value, values = given.get(rule["key"]), rule.get("values") or ()
        fits = {
            "In": value in values,
            "NotIn": value not in values,
            "Exists": rule["key"] in given,
            "DoesNotExist": rule["key"] not in given,
        }
        if not fits[rule["operator"]]:
            return False
    return True


# Images


def image_problems(graph: Graph, known: Mapping[str, str]) -> list[str]:
    """Return images that are not of the catalogue (`known`: reference to digest, or `unresolved`), or not by tag and digest."""
    found = []
    for where, image in images(graph):
        absent = image.startswith(f"{ABSENT}/")
        reference, _, digest = image.removeprefix(f"{ABSENT}/").partition("@")
        if reference not in known:
            found.append(f"{where}: {image} is not in config/software.yaml")
        elif digest != ("" if absent else known[reference]):
            found.append(f"{where}: {image} is not the digest that config/software.lock.yaml has")
    return found


def images(graph: Graph) -> Iterator[tuple[str, str]]:
    """Yield every image that is named in an object, or in the values of a chart, and where."""
    for item in objects(graph):
        yield from ((called(item), image) for image in _named_images(item))
    for release in releases(graph):
        yield from ((f"chart {release.name}", image) for image in _named_images(release.inputs.get("values") or {}))


def _named_images(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for inner in value:
            yield from _named_images(inner)
    if not isinstance(value, Mapping):
        return
    if isinstance(value.get("repository"), str) and isinstance(value.get("tag"), str):
        registry, digest = value.get("registry"), _separate_digest(value)
        yield f"{f'{registry}/' if registry else ''}{value['repository']}:{value['tag']}{digest}"
    for key, inner in value.items():
        if key == "image" and isinstance(inner, str):
            yield inner
        else:
            yield from _named_images(inner)


def _separate_digest(value: Mapping[str, Any]) -> str:
    """Return the digest of charts that keep it apart from the tag, in whichever way."""
    told = str(value.get("digest") or value.get("sha") or "").removeprefix("sha256:")
    return f"@sha256:{told}" if told else ""


def chart_problems(graph: Graph, known: Mapping[str, str]) -> list[str]:
    """Return charts that are not of the catalogue in exactly this version."""
    found = []
    for each in releases(graph):
        chart, version = str(each.inputs["chart"]), each.inputs.get("version")
        repository = (each.inputs.get("repositoryOpts") or {}).get("repo")
        reference = f"{str(repository).rstrip('/')}/{chart}:{version}" if repository else f"{chart}:{version}"
        if reference not in known:
            found.append(f"chart {each.name}: {reference} is not in config/software.yaml")
    return found
