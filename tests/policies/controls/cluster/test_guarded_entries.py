"""Doors into a cluster, guarded and not."""

from collections.abc import Callable
from typing import Any

import pytest

from policies.values import UNKNOWN
from tests.kit.policies import Changed, Draft, Mutation, catches, leaves_open, lets_pass

INGRESS = "kubernetes:networking.k8s.io/v1:Ingress"
SERVICE = "kubernetes:core/v1:Service"
BINDING = "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding"
TARGETS = "aws:lb/targetGroup:TargetGroup"
WAF, CERTIFICATE = "alb.ingress.kubernetes.io/wafv2-acl-arn", "alb.ingress.kubernetes.io/certificate-arn"
HOST = "shop.example.org"


def ingress(draft: Draft) -> Changed:
    """Add an Ingress that is as it should be."""
    return draft.add(
        INGRESS,
        "shop",
        {
            "metadata": {"name": "shop", "namespace": "automation", "annotations": {WAF: "arn:aws:wafv2:eu-west-1:1:regional/webacl/a/b"}},
            "spec": {"ingressClassName": "alb", "rules": [{"host": HOST}], "tls": [{"hosts": [HOST], "secretName": "shop-tls"}]},
        },
    )


def but(change: Callable[[Changed], Any]) -> Callable[[Draft], Any]:
    """Return the addition of an Ingress with one change."""
    return lambda draft: change(ingress(draft))


def annotate(one: Changed, *names: str) -> None:
    one.properties["metadata"]["annotations"] = dict.fromkeys(names, "said")


def by_certificate(one: Changed) -> None:
    one.drop("spec.tls")
    annotate(one, WAF, CERTIFICATE)


def with_rules(*rules: Any) -> Callable[[Draft], Any]:
    """Return the addition of an Ingress with these rules, whose certificate is named apart from them."""

    def change(one: Changed) -> None:
        by_certificate(one)
        one.set("spec.rules", list(rules))

    return but(change)


def of_the_old_kind(one: Changed) -> None:
    one.drop("spec.ingressClassName")
    one.properties["metadata"]["annotations"]["kubernetes.io/ingress.class"] = "alb"


PEERS, CALLERS = "kubernetes:security.istio.io/v1:PeerAuthentication", "kubernetes:security.istio.io/v1:AuthorizationPolicy"
CERTIFICATES = "kubernetes:cert-manager.io/v1:Certificate"


def key(**fields: Any) -> Callable[[Draft], None]:
    """Return a change that gives a certificate another key."""
    return lambda draft: draft.one(CERTIFICATES).set("spec.privateKey", fields)


def called_by(*rules: Any, action: Any = "ALLOW") -> Callable[[Draft], Any]:
    """Return the addition of a policy of the mesh with these rules."""
    return lambda draft: draft.add(CALLERS, "more", {"spec": {"action": action, "rules": list(rules)}})


NAMED, ANYBODY = {"from": [{"source": {"namespaces": ["automation"]}}]}, {"to": [{"operation": {"ports": ["8080"]}}]}


CAUGHT = [
    Mutation("a rule names no host", with_rules({"host": HOST}, {"http": {}})),
    Mutation("there is no rule", with_rules()),
    Mutation("nothing is encrypted", but(lambda one: one.drop("spec.tls"))),
    Mutation("one host is not encrypted", but(lambda one: one.set("spec.rules", [{"host": HOST}, {"host": "more.example.com"}]))),
    Mutation("another controller serves it", but(lambda one: one.set("spec.ingressClassName", "nginx"))),
    Mutation("any controller serves it", but(lambda one: one.drop("spec.ingressClassName"))),
    Mutation("no web ACL stands before it", but(lambda one: annotate(one, "other"))),
    Mutation("a service is a balancer of its own", lambda draft: draft.one(SERVICE).set("spec.type", "LoadBalancer")),
    Mutation("a service is a port of every node", lambda draft: draft.one(SERVICE).set("spec.type", "NodePort")),
    Mutation("a service takes addresses of others", lambda draft: draft.one(SERVICE).set("spec.externalIPs", ["203.0.113.7"])),
    Mutation("the balancer speaks to pods in clear", lambda draft: draft.one(TARGETS).set("protocol", "HTTP")),
    Mutation("how the balancer speaks is left open", lambda draft: draft.one(TARGETS).drop("protocol")),
    Mutation("pods are bound to somebody's targets", lambda draft: draft.one(BINDING).set("spec.targetGroupARN", "arn:of-somebody")),
    Mutation("the mesh also speaks in clear", lambda draft: draft.one(PEERS).set("spec.mtls.mode", "PERMISSIVE")),
    Mutation("the mesh is left to its parent", lambda draft: draft.one(PEERS).drop("spec.mtls")),
    Mutation("the mesh lets anybody call", called_by(NAMED, ANYBODY)),
    Mutation("the mesh lets anybody call, and does not say that it allows", called_by(ANYBODY, action=None)),
    Mutation("a key of RSA is short", key(algorithm="RSA", size=1024)),
    Mutation("a key of RSA, as left to cert-manager, is short", key(size=2047)),
    Mutation("a key of ECDSA is short", key(algorithm="ECDSA", size=224)),
    Mutation("a key is of a kind that nobody knows", key(algorithm="DSA", size=4096)),
]
SPARED = [
    Mutation("the mesh refuses anybody", called_by(ANYBODY, action="DENY")),
    Mutation("the mesh lets nobody call", called_by()),
    Mutation("a key is as cert-manager makes it", key()),
    Mutation("a key of RSA is just long enough", key(algorithm="RSA", size=2048)),
    Mutation("a key of ECDSA is just long enough", key(algorithm="ECDSA", size=256)),
    Mutation("a key is of Ed25519", key(algorithm="Ed25519")),
    Mutation("an Ingress is as it should be", ingress),
    Mutation("its hosts are covered by a star", but(lambda one: one.set("spec.tls", [{"hosts": ["*.example.org"]}]))),
    Mutation("its certificate is named", but(by_certificate)),
    Mutation("its class is written as of old", but(of_the_old_kind)),
    Mutation("a service says that it is inside", lambda draft: draft.one(SERVICE).set("spec.type", "ClusterIP")),
]
OPEN = [
    Mutation("who may call is not known yet", called_by({"from": UNKNOWN})),
    Mutation("whether a policy allows is not known yet", called_by(ANYBODY, action=UNKNOWN)),
    Mutation("what a key is of is not known yet", key(algorithm=UNKNOWN)),
    Mutation("its certificates are not known yet", but(lambda one: one.set("spec.tls", UNKNOWN))),
    Mutation("a host is not known yet", with_rules({"host": HOST}, {"host": UNKNOWN})),
    Mutation("a rule is not known yet", with_rules(UNKNOWN)),
    Mutation("its class is not known yet", but(lambda one: one.set("spec.ingressClassName", UNKNOWN))),
    Mutation("its annotations are not known yet", but(lambda one: one.set("metadata.annotations", UNKNOWN))),
    Mutation("the kind of a service is not known yet", lambda draft: draft.one(SERVICE).set("spec.type", UNKNOWN)),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("K8S-03", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("K8S-03", mutation)


@pytest.mark.parametrize("mutation", OPEN, ids=str)
def test_what_depends_on_an_unknown_is_left_open(mutation: Mutation) -> None:
    leaves_open("K8S-03", mutation)
