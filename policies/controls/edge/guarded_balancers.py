"""EDGE-02: a web application firewall stands before every public load balancer, whoever makes it."""

from collections.abc import Iterable
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
CONTROLLER = "ingress.k8s.aws/alb"
"""Of classes whose Ingresses the AWS Load Balancer Controller turns into load balancers.

Source: https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/
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
        guarded = any_of([negated(_is_public(ingress, classes)), _names_acl(ingress)])
        yield ruled(ingress, Need("metadata.annotations", guarded, f"{_PREFIX}/wafv2-acl-arn, or {_PREFIX}/scheme internal"))
    for association in graph.of(ASSOCIATION):
        yield ruled(
            association, Need("webAclArn", names_acl(graph, association, "webAclArn", REGIONAL), "the ARN of an ACL of scope REGIONAL")
        )


def _classes(graph: Graph) -> dict[Any, bool]:
    """Return the ingress classes that make load balancers by name, and under ABSENT whether one of them is the default."""
    found: dict[Any, bool] = {"alb": True, ABSENT: False}
    for each in graph.of(CLASS):
        made = each.look("spec.controller") == CONTROLLER
        found[each.look("metadata.name")] = made
        found[ABSENT] |= made and label(each, _DEFAULT_CLASS, of="annotations") == "true"
    return found


def _is_public(ingress: Resource, classes: dict[Any, bool]) -> Answer:
    """Tell whether an Ingress makes a load balancer that the internet reaches; the controller's own default is an internal one."""
    name = ingress.look("spec.ingressClassName")
    if name is ABSENT:
        name = label(ingress, _OLD_CLASS, of="annotations")
    scheme = label(ingress, f"{_PREFIX}/scheme", of="annotations")
    if scheme is ABSENT or (name is not UNKNOWN and not classes.get(name, False)):
        return False
    return None if UNKNOWN in (name, scheme) else scheme == "internet-facing"


def _names_acl(ingress: Resource) -> Answer:
    named = label(ingress, f"{_PREFIX}/wafv2-acl-arn", of="annotations")
    return None if named is UNKNOWN else isinstance(named, str) and ":regional/webacl/" in named


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
