"""The judges of a cluster's objects find what is planted, and are content with what is right."""

import copy
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.kit import kubernetes, network_policies, references, schemas
from tests.kit.recorder import Graph, Recorded

DIGEST = "sha256:" + "0123456789abcdef" * 4
SECURITY = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
}
CONTAINER = {
    "name": "web",
    "image": f"registry.example.org/web:1.2.3@{DIGEST}",
    "securityContext": SECURITY,
    "resources": {"requests": {"cpu": "1", "memory": "1Gi"}, "limits": {"cpu": "1", "memory": "1Gi"}},
    "livenessProbe": {"tcpSocket": {"port": 80}},
}
SECURE_FIRST = {"securityContext": SECURITY, "resources": {"limits": {"cpu": "1", "memory": "1Gi"}}}
SPREAD = {"maxSkew": 1, "topologyKey": kubernetes.ZONE, "whenUnsatisfiable": "ScheduleAnyway"}
APP = {"app": "web"}
DEPLOYMENT = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web", "namespace": "web"},
    "spec": {
        "replicas": 2,
        "selector": {"matchLabels": APP},
        "template": {
            "metadata": {"labels": APP},
            "spec": {"automountServiceAccountToken": False, "containers": [CONTAINER], "topologySpreadConstraints": [SPREAD]},
        },
    },
}
BUDGET = {
    "apiVersion": "policy/v1",
    "kind": "PodDisruptionBudget",
    "metadata": {"name": "web", "namespace": "web"},
    "spec": {"minAvailable": 1, "selector": {"matchLabels": APP}},
}


def namespace(name: str, level: str = "restricted", **annotations: str) -> dict[str, Any]:
    labels = {"pod-security.kubernetes.io/enforce": level}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels, "annotations": annotations}}


def policy(where: str, name: str, **spec: Any) -> dict[str, Any]:
    meta = {"name": name, "namespace": where}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": meta, "spec": {"podSelector": {}, **spec}}


def peer(name: str, **labels: str) -> dict[str, Any]:
    return {
        "namespaceSelector": {"matchLabels": {kubernetes.NAME_LABEL: name}},
        "podSelector": {"matchLabels": labels},
    }


def dns(where: str) -> dict[str, Any]:
    ports = [{"protocol": protocol, "port": 53} for protocol in ("UDP", "TCP")]
    return policy(where, "dns", policyTypes=["Egress"], egress=[{"to": [peer("kube-system")], "ports": ports}])


def deny(where: str) -> dict[str, Any]:
    return policy(where, "deny", policyTypes=["Ingress", "Egress"])


def graph(*items: Mapping[str, Any]) -> Graph:
    """Return a graph of these objects; one of the kind Release is a chart."""
    return Graph(tuple(_recorded(item, order) for order, item in enumerate(items)))


def _recorded(item: Mapping[str, Any], order: int) -> Recorded:
    chart = item.get("kind") == "Release"
    type_ = kubernetes.RELEASE if chart else f"kubernetes:{item['apiVersion']}:{item['kind']}"
    return Recorded(
        urn=str(order),
        type=type_,
        name=f"each-{order}",
        parent=None,
        custom=True,
        inputs=copy.deepcopy(dict(item)),
        protect=False,
        aliases=(),
        depends_on=(),
        provider="",
    )


def bent(item: Mapping[str, Any], bend: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    changed = copy.deepcopy(dict(item))
    bend(changed)
    return changed


def pod(item: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = item["spec"]["template"]["spec"]
    return found


def container(item: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = pod(item)["containers"][0]
    return found


def test_a_namespace_that_is_closed_and_restricted_is_right() -> None:
    assert not kubernetes.namespace_problems(graph(namespace("web"), deny("web"), dns("web")))


@pytest.mark.parametrize(
    ("items", "said"),
    [
        ([namespace("web"), dns("web")], "no policy refuses all traffic"),
        ([namespace("web"), deny("other"), dns("web")], "no policy refuses all traffic"),
        ([namespace("web"), policy("web", "deny", policyTypes=["Ingress"]), dns("web")], "no policy refuses all traffic"),
        ([namespace("web"), deny("web")], "look up names"),
        ([namespace("web", "baseline"), deny("web"), dns("web")], "no exception says why"),
    ],
)
def test_a_namespace_that_is_open_is_found(items: list[dict[str, Any]], said: str) -> None:
    (problem,) = kubernetes.namespace_problems(graph(*items))
    assert problem.startswith("web: ") and said in problem


def test_an_exception_that_says_why_is_taken() -> None:
    named = namespace("web", "privileged", **{"morefocus.com/pod-security-exception": "reads its node"})
    assert not kubernetes.namespace_problems(graph(named, deny("web"), dns("web")))


def test_namespaces_that_nobody_makes_are_judged_as_well() -> None:
    closed = [policy for name in kubernetes.OF_EKS for policy in (deny(name), dns(name))]
    assert not kubernetes.system_namespace_problems(graph(*closed))
    assert kubernetes.system_namespace_problems(graph(*closed[1:]))[0].startswith("kube-system: no policy refuses all traffic")
    assert kubernetes.stray_problems(graph(*closed)) == []
    there = bent(DEPLOYMENT, lambda item: item["metadata"].update(namespace="default"))
    assert kubernetes.stray_problems(graph(there)) == ["Deployment default/web"]


def test_what_stands_in_a_namespace_that_nobody_made_is_found() -> None:
    release = {"kind": "Release", "namespace": "gone"}
    assert kubernetes.stray_problems(graph(namespace("web"), DEPLOYMENT)) == []
    assert kubernetes.stray_problems(graph(namespace("other"), DEPLOYMENT, release)) == ["Deployment web/web", "chart each-2"]


def test_a_pod_that_may_do_little_is_right() -> None:
    assert not kubernetes.pod_problems(graph(namespace("web"), DEPLOYMENT))


@pytest.mark.parametrize(
    ("bend", "said"),
    [
        (lambda item: container(item)["securityContext"].pop("runAsNonRoot"), "web may run as root"),
        (lambda item: pod(item).update(securityContext={"runAsUser": 0}), "web runs as root"),
        (lambda item: container(item)["securityContext"].pop("allowPrivilegeEscalation"), "web may gain privileges"),
        (lambda item: container(item)["securityContext"].update(privileged=True), "web may gain privileges"),
        (lambda item: container(item)["securityContext"].pop("capabilities"), "web keeps capabilities"),
        (lambda item: container(item)["securityContext"].pop("seccompProfile"), "web has no seccomp profile"),
        (lambda item: pod(item).update(hostNetwork=True), "has hostNetwork"),
        (lambda item: pod(item).pop("automountServiceAccountToken"), "mounts a token of service account default"),
        (lambda item: container(item)["resources"].pop("requests"), "web says no requests of cpu, memory"),
        (lambda item: container(item)["resources"]["limits"].pop("memory"), "web says no limits of memory"),
        (lambda item: container(item).pop("livenessProbe"), "web has no probe"),
        (lambda item: pod(item).update(initContainers=[{"name": "first", **SECURE_FIRST}]), "first says no requests of cpu, memory"),
    ],
)
def test_a_pod_that_may_do_more_or_says_less_is_found(bend: Callable[[dict[str, Any]], object], said: str) -> None:
    problems = kubernetes.pod_problems(graph(namespace("web"), bent(DEPLOYMENT, bend)))
    assert f"Deployment web/web: {said}" in "".join(f"{problem}\n" for problem in problems)


def test_what_an_exception_allows_its_pods_is_left_out_and_nothing_else() -> None:
    wide = bent(DEPLOYMENT, lambda item: (pod(item).update(hostNetwork=True), container(item).pop("resources")))
    problems = kubernetes.pod_problems(graph(namespace("web", "privileged"), wide))
    assert len(problems) == 2 and all("says no" in problem for problem in problems)


def test_a_token_is_taken_where_something_is_allowed_with_it() -> None:
    used = bent(DEPLOYMENT, lambda item: pod(item).update(serviceAccountName="web", automountServiceAccountToken=True))
    subject = {"kind": "ServiceAccount", "name": "web", "namespace": "web"}
    binding = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "web", "namespace": "web"}}
    assert kubernetes.pod_problems(graph(namespace("web"), used))
    assert not kubernetes.pod_problems(graph(namespace("web"), used, {**binding, "subjects": [subject]}))


def test_replicas_that_a_zone_or_a_drained_node_takes_away_are_found() -> None:
    assert not kubernetes.replica_problems(graph(DEPLOYMENT, BUDGET))
    together = bent(DEPLOYMENT, lambda item: pod(item).pop("topologySpreadConstraints"))
    assert kubernetes.replica_problems(graph(together, BUDGET)) == ["Deployment web/web: replicas are not spread over zones"]
    other = bent(BUDGET, lambda item: item["spec"]["selector"].update(matchLabels={"app": "other"}))
    assert "no PodDisruptionBudget" in kubernetes.replica_problems(graph(DEPLOYMENT, other))[0]


def test_one_replica_needs_neither_unless_its_autoscaler_keeps_more() -> None:
    alone = bent(DEPLOYMENT, lambda item: item["spec"].pop("replicas"))
    scaler = {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": "web", "namespace": "web"},
        "spec": {"minReplicas": 3, "scaleTargetRef": {"kind": "Deployment", "name": "web"}},
    }
    assert not kubernetes.replica_problems(graph(alone))
    assert kubernetes.replica_problems(graph(alone, scaler))


def test_images_are_of_the_catalogue_by_tag_and_digest() -> None:
    known = {"registry.example.org/web:1.2.3": DIGEST}
    assert not kubernetes.image_problems(graph(DEPLOYMENT), known)
    for image in ("registry.example.org/web:latest", "registry.example.org/web:1.2.3", f"registry.example.org/other:1.2.3@{DIGEST}"):
        wrong = copy.deepcopy(DEPLOYMENT)
        container(wrong)["image"] = image
        assert len(kubernetes.image_problems(graph(wrong), known)) == 1, image


def test_images_in_the_values_of_charts_are_seen_however_the_chart_names_them() -> None:
    values = {
        "controller": {"image": {"registry": "registry.example.org", "repository": "a", "tag": "1.2.3"}},
        "sidecars": [{"image": "registry.example.org/b:1.2.3"}, {"image": {"repository": "registry.example.org/c", "tag": "1.2.3"}}],
    }
    release = {"kind": "Release", "values": values, "chart": "web", "version": "1.2.3", "repositoryOpts": {"repo": "https://example.org/"}}
    seen = [image for _, image in kubernetes.images(graph(release))]
    assert seen == [f"registry.example.org/{name}:1.2.3" for name in ("a", "b", "c")]
    apart = {"repository": "registry.example.org/d", "tag": "1.2.3", "sha": DIGEST.removeprefix("sha256:")}
    assert next(iter(kubernetes.images(graph(release | {"values": {"image": apart}}))))[1] == f"registry.example.org/d:1.2.3@{DIGEST}"
    assert not kubernetes.chart_problems(graph(release), {"https://example.org/web:1.2.3": "unresolved"})
    assert kubernetes.chart_problems(graph(release), {"https://example.org/web:1.2.4": "unresolved"})


OUT = {"to": [peer("store", app="store")], "ports": [{"port": 6379}]}
IN = {"from": [peer("web", app="web")], "ports": [{"port": 6379, "protocol": "TCP"}]}


def _flow(out: dict[str, Any] | None, into: dict[str, Any] | None) -> list[str]:
    ends = [namespace("web"), namespace("store")]
    if out:
        ends.append(policy("web", "out", podSelector={"matchLabels": APP}, policyTypes=["Egress"], egress=[out]))
    if into:
        ends.append(policy("store", "in", podSelector={"matchLabels": {"app": "store"}}, policyTypes=["Ingress"], ingress=[into]))
    return network_policies.one_sided_flows(graph(*ends))


def test_a_flow_with_two_ends_is_right_also_where_one_end_is_wider() -> None:
    assert not _flow(OUT, IN)
    wider = IN | {"from": [peer("web")]}
    problems = _flow(OUT, wider)
    assert problems == ["NetworkPolicy store/in: no policy in web lets out TCP 6379"], "the wider end allows more than the other"


@pytest.mark.parametrize(
    ("out", "into", "said"),
    [
        (OUT, None, "no policy in store lets in TCP 6379"),
        (None, IN, "no policy in web lets out TCP 6379"),
        (OUT, IN | {"ports": [{"port": 6380}]}, "lets in TCP 6379"),
        (OUT, IN | {"from": [peer("web", app="other")]}, "lets in TCP 6379"),
        (OUT | {"to": [peer("gone", app="store")]}, None, "its peer is in no namespace that there is"),
    ],
)
def test_a_flow_with_one_end_is_found(out: dict[str, Any] | None, into: dict[str, Any] | None, said: str) -> None:
    assert any(said in problem for problem in _flow(out, into))


def test_those_who_are_let_in_by_a_label_may_be_none_yet() -> None:
    tenants = {"namespaceSelector": {"matchExpressions": [{"key": "tenant", "operator": "Exists"}]}}
    assert not _flow(None, {"from": [tenants], "ports": [{"port": 6432}]})


def _to(cidr: str, *but: str) -> Graph:
    block = {"ipBlock": {"cidr": cidr, **({"except": list(but)} if but else {})}}
    return graph(policy("web", "out", policyTypes=["Egress"], egress=[{"to": [block], "ports": [{"port": 443}]}]))


def test_a_way_to_instance_metadata_is_found() -> None:
    assert not network_policies.metadata_problems(_to("0.0.0.0/0", "169.254.0.0/16"))
    assert not network_policies.metadata_problems(_to("169.254.170.23/32"))
    for wrong in (_to("0.0.0.0/0"), _to("169.254.0.0/16"), _to("0.0.0.0/0", "10.0.0.0/8")):
        assert network_policies.metadata_problems(wrong)
    everything = graph(policy("web", "out", policyTypes=["Egress"], egress=[{"ports": [{"port": 443}]}]))
    assert network_policies.metadata_problems(everything)


def test_a_rule_without_ports_is_found() -> None:
    assert network_policies.port_problems(graph(policy("web", "out", policyTypes=["Egress"], egress=[{"to": [peer("web")]}])))
    assert not network_policies.port_problems(_to("10.0.0.0/8"))


def test_what_a_pod_names_and_nobody_makes_is_found() -> None:
    def named(item: dict[str, Any]) -> None:
        pod(item).update(serviceAccountName="web", priorityClassName="serving", volumes=[{"name": "files", "configMap": {"name": "files"}}])
        container(item)["envFrom"] = [{"secretRef": {"name": "keys"}}, {"secretRef": {"name": "more", "optional": True}}]

    wrong = graph(namespace("web"), bent(DEPLOYMENT, named))
    assert references.reference_problems(wrong) == [
        f"Deployment web/web: no {missing}" for missing in ("ConfigMap files", "PriorityClass serving", "Secret keys", "ServiceAccount web")
    ]
    made = [
        {"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "namespace": "web"}}
        for kind, name in (("ServiceAccount", "web"), ("ConfigMap", "files"))
    ]
    secret = {"apiVersion": "external-secrets.io/v1", "kind": "ExternalSecret", "metadata": {"name": "x", "namespace": "web"}}
    priority = {"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": {"name": "serving"}}
    right = graph(namespace("web"), bent(DEPLOYMENT, named), *made, priority, {**secret, "spec": {"target": {"name": "keys"}}})
    assert not references.reference_problems(right)
    assert not references.reference_problems(graph(namespace("web"), DEPLOYMENT))


def test_a_scaler_of_what_is_not_there_is_found() -> None:
    target = {"scaleTargetRef": {"kind": "Deployment", "name": "web"}}
    scaler = {"apiVersion": "keda.sh/v1alpha1", "kind": "ScaledObject", "metadata": {"name": "web", "namespace": "web"}, "spec": target}
    assert not references.scaler_problems(graph(DEPLOYMENT, scaler))
    assert references.scaler_problems(graph(scaler)) == ["ScaledObject web/web: no Deployment web"]


def test_what_kubernetes_would_refuse_is_found() -> None:
    assert not schemas.schema_problems(BUDGET, "1.35")
    wrong = bent(BUDGET, lambda item: item["spec"].update(minimumAvailable=1))
    assert "minimumAvailable" in schemas.schema_problems(wrong, "1.35")[0]


def test_what_an_operator_would_refuse_is_found() -> None:
    store = {"apiVersion": "external-secrets.io/v1", "kind": "ClusterSecretStore", "metadata": {"name": "store"}}
    aws = {"service": "SecretsManager", "region": "us-east-1"}
    assert not schemas.custom_problems(store | {"spec": {"provider": {"aws": aws}}})
    assert schemas.custom_problems(store | {"spec": {"provider": {"aws": aws | {"regoin": "us-east-1"}}}})
    assert schemas.custom_problems(store | {"spec": {"provider": {"aws": {"service": "Safe", "region": "us-east-1"}}}})
    assert "nobody defines" in schemas.custom_problems(store | {"kind": "ClusterSecretShop", "spec": {}})[0]
