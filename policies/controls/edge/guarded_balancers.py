"""EDGE-02: a web application firewall stands before every public load balancer, whoever makes it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from policies.control import Control, Need, Severity, clauses, ruled
from policies.controls.edge._web_acl import ASSOCIATION, REGIONAL, is_guarded, names_acl
from policies.graph import Graph, Resource
from policies.values import ABSENT, UNKNOWN, Answer, any_of, asks, is_yes, negated
from policies.verdict import Ruling
from policies.workloads import label

BALANCER = "aws:lb/loadBalancer:LoadBalancer"
INGRESS = "kubernetes:networking.k8s.io/v1:Ingress"
CLASS = "kubernetes:networking.k8s.io/v1:IngressClass"
PARAMETERS = ("kubernetes:elbv2.k8s.aws/v1beta1:IngressClassParams", "kubernetes:eks.amazonaws.com/v1:IngressClassParams")
CONTROLLERS = ("ingress.k8s.aws/alb", "eks.amazonaws.com/alb")
"""Of classes whose Ingresses AWS's controllers turn into load balancers.

Source: https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/ingress_class/
"""
_PREFIX = "alb.ingress.kubernetes.io"
_OLD_CLASS = "kubernetes.io/ingress.class"
_DEFAULT_CLASS = "ingressclass.kubernetes.io/is-default-class"


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge application load balancers, Ingresses that make one, and what is associated with anything.

    A load balancer for networks or gateways takes no web ACL.
    """
    for balancer in graph.of(BALANCER):
        private = asks(balancer.properties, "internal", is_yes, absent=False)
        takes_none = asks(balancer.properties, "loadBalancerType", lambda kind: kind != "application", absent=False)
        guarded = any_of([private, takes_none, is_guarded(graph, balancer)])
        yield ruled(balancer, Need("", guarded, "internal=True, or a WebAclAssociation with a wafv2.WebAcl of scope REGIONAL"))
    classes = _classes(graph)
    for ingress in graph.of(INGRESS):
        guarded = _is_guarded(ingress, classes)
        yield ruled(ingress, Need("metadata.annotations", guarded, f"{_PREFIX}/wafv2-acl-arn, or {_PREFIX}/scheme internal"))
    for association in graph.of(ASSOCIATION):
        yield ruled(
            association, Need("webAclArn", names_acl(graph, association, "webAclArn", REGIONAL), "the ARN of an ACL of scope REGIONAL")
        )


@dataclass(frozen=True, slots=True)
class _Class:
    """What a class says of its Ingresses, which goes before what they say themselves."""

    scheme: Any = ABSENT
    acl: Any = ABSENT


def _classes(graph: Graph) -> dict[Any, _Class | None]:
    """Return the ingress classes by name, None for those of other controllers; the default one is under ABSENT as well."""
    parameters = {one.look("metadata.name"): one for one in graph.of(*PARAMETERS)}
    found: dict[Any, _Class | None] = {"alb": _Class()}
    for each in graph.of(CLASS):
        given = parameters.get(each.look("spec.parameters.name"))
        made = None
        if each.look("spec.controller") in CONTROLLERS:
            made = _Class() if given is None else _Class(given.look("spec.scheme"), given.look("spec.wafv2AclArn"))
        found[each.look("metadata.name")] = made
        if label(each, _DEFAULT_CLASS, of="annotations") == "true":
            found[ABSENT] = made
    return found


def _is_guarded(ingress: Resource, classes: dict[Any, _Class | None]) -> Answer:
    """Tell whether an Ingress makes no load balancer that the internet reaches, or one with a web ACL."""
    name = ingress.look("spec.ingressClassName")
    if name is ABSENT:
        name = label(ingress, _OLD_CLASS, of="annotations")
    of_class = _Class() if name is UNKNOWN else classes.get(name)
    if of_class is None:
        return True
    # Without any scheme the controller makes an internal one.
    scheme = _said(ingress, of_class.scheme, "scheme")
    public: Answer = None if UNKNOWN in (name, scheme) else scheme == "internet-facing"
    acl = _said(ingress, of_class.acl, "wafv2-acl-arn")
    guarded: Answer = None if acl is UNKNOWN else isinstance(acl, str) and ":regional/webacl/" in acl
    return any_of([negated(public), guarded])


def _said(ingress: Resource, by_class: Any, name: str) -> Any:
    return label(ingress, f"{_PREFIX}/{name}", of="annotations") if by_class is ABSENT else by_class


CONTROL = Control(
    id="EDGE-02",
    title="Every public load balancer, and every Ingress that makes one, has a web ACL",
    severity=Severity.HIGH,
    why="A load balancer that an Ingress brings along is as public as one of the program, and nobody reviews it as such.",
    fix="add wafv2.WebAclAssociation(resource_arn=balancer.arn, ...); annotate an Ingress with alb.ingress.kubernetes.io/wafv2-acl-arn",
    clauses=clauses(gdpr="32*", lgpd="46", soc2="CC6.6*", iso27001="8.20", pci="6.4.1 6.4.2"),
    governs=(BALANCER, INGRESS, ASSOCIATION),
    check=check,
)
