"""K8S-03: what comes into a cluster comes by a door that is encrypted, named and guarded."""

from collections.abc import Iterable
from typing import Any

from policies.control import Control, Need, Severity, clauses, need, ruled
from policies.graph import Graph, Resource
from policies.values import ABSENT, UNKNOWN, Answer, all_of, any_of, asks, each, look, negated, texts
from policies.verdict import Ruling
from policies.workloads import label

INGRESS = "kubernetes:networking.k8s.io/v1:Ingress"
SERVICE = "kubernetes:core/v1:Service"
BINDING = "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding"
TARGETS = "aws:lb/targetGroup:TargetGroup"
PEERS = "kubernetes:security.istio.io/v1:PeerAuthentication"
CALLERS = "kubernetes:security.istio.io/v1:AuthorizationPolicy"
CERTIFICATE = "kubernetes:cert-manager.io/v1:Certificate"
_CLASSES = ("alb",)
"""The controller of AWS's own balancers, which alone attaches a web ACL."""
_OLD_CLASS = "kubernetes.io/ingress.class"
_WAF = "alb.ingress.kubernetes.io/wafv2-acl-arn"
_CERTIFICATE = "alb.ingress.kubernetes.io/certificate-arn"
_LEAST_BITS = {"RSA": 2048, "ECDSA": 256}
"""Source: https://cert-manager.io/docs/usage/certificate/, which takes RSA of 2,048 bits where nothing is said."""


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge each Ingress, each Service by whether it is a door of its own, and each binding of pods to a balancer's targets.

    Inside, the mesh is asked to speak mutual TLS, but for ports that say otherwise, and to name who may call; certificates for keys
    that are strong enough.
    Sources: https://kubernetes.io/docs/concepts/services-networking/ingress/,
    https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/
    """
    for ingress in graph.of(INGRESS):
        yield _ingress(ingress)
    for service in graph.of(SERVICE):
        yield ruled(
            service,
            need(
                service, "spec.type", lambda kind: kind == "ClusterIP", "ClusterIP: an Ingress or a TargetGroupBinding lets in", absent=True
            ),
            need(service, "spec.externalIPs", lambda found: found == [], "none", absent=True),
        )
    for binding in graph.of(BINDING):
        groups = graph.target(binding, "spec.targetGroupARN", TARGETS)
        encrypted = [asks(group.properties, "protocol", lambda name: name == "HTTPS", absent=False) for group in groups.resources]
        met = any_of([*encrypted, False if groups.certain else None])
        yield ruled(binding, Need("spec.targetGroupARN", met, "a target group of this stack with protocol HTTPS"))
    for peers in graph.of(PEERS):
        yield ruled(peers, need(peers, "spec.mtls.mode", lambda mode: mode == "STRICT", "STRICT"))
    for callers in graph.of(CALLERS):
        yield ruled(callers, Need("spec.rules.from", _names_callers(callers), "the callers of every rule that allows"))
    for certificate in graph.of(CERTIFICATE):
        yield ruled(certificate, Need("spec.privateKey.size", _is_strong(certificate), "2048 bits of RSA, 256 of ECDSA, or more"))


def _ingress(ingress: Resource) -> Ruling:
    rules = each(ingress.properties, "spec.rules")
    hosts = [look(rule, "host") for rule in rules]
    named: Answer = all_of([None if UNKNOWN in (rule, host) else host is not ABSENT for rule, host in zip(rules, hosts, strict=True)])
    certificate = _said(ingress, _CERTIFICATE)
    return ruled(
        ingress,
        Need("spec.rules.host", bool(rules) and named, "a host in every rule"),
        Need("spec.tls", any_of([certificate, _covers(each(ingress.properties, "spec.tls"), hosts)]), "every host of the rules"),
        Need("spec.ingressClassName", _class(ingress), " or ".join(_CLASSES)),
        Need("metadata.annotations", _said(ingress, _WAF), f"{_WAF} with the ARN of a web ACL"),
    )


def _said(ingress: Resource, annotation: str) -> Answer:
    value = label(ingress, annotation, of="annotations")
    return None if value is UNKNOWN else value not in (ABSENT, "")


def _class(ingress: Resource) -> Answer:
    own = ingress.look("spec.ingressClassName")
    value = label(ingress, _OLD_CLASS, of="annotations") if own is ABSENT else own
    return None if value is UNKNOWN else value in _CLASSES


def _names_callers(callers: Resource) -> Answer:
    allows = asks(callers.properties, "spec.action", lambda action: action == "ALLOW", absent=True)
    named = [asks(rule, "from", bool, absent=False) for rule in each(callers.properties, "spec.rules")]
    return any_of([negated(allows), all_of(named)])


def _is_strong(certificate: Resource) -> Answer:
    key = certificate.look("spec.privateKey")
    kind = "RSA" if look(key, "algorithm") is ABSENT else look(key, "algorithm")
    if kind is UNKNOWN:
        return None
    least = _LEAST_BITS.get(kind)
    # Ed25519 has one size.
    return kind == "Ed25519" if least is None else asks(key, "size", lambda size: size >= least, absent=True)


def _covers(tls: list[Any], hosts: list[Any]) -> Answer:
    """Tell whether the certificates named are for every host: by its name, or by a star for its first label."""
    if UNKNOWN in hosts or any(UNKNOWN in each(one, "hosts") for one in tls):
        return None
    certified = {name for one in tls for name in texts(look(one, "hosts"))}
    return bool(tls) and all(host in certified or f"*.{str(host).partition('.')[2]}" in certified for host in hosts)


CONTROL = Control(
    id="K8S-03",
    title="What enters a cluster is encrypted, names its host, passes a web ACL, and comes by no service of its own",
    severity=Severity.HIGH,
    why="A door beside the guarded ones is found by scanners within minutes, and no rule of ours stands before it.",
    fix="bind pods by a TargetGroupBinding to an HTTPS target group, or give the Ingress class alb, tls, hosts and a wafv2-acl-arn",
    clauses=clauses(gdpr="32*", lgpd="46", soc2="CC6.7*", iso27001="5.14* 8.24*", pci="4.2.1* 6.4.2*"),
    governs=(INGRESS, SERVICE, BINDING, TARGETS, PEERS, CALLERS, CERTIFICATE),
    check=check,
)
