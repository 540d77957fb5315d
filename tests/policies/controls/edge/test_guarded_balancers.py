"""Public load balancers without a web ACL, made by the program or by an Ingress."""

from typing import Any

import pytest

from policies.values import UNKNOWN
from tests.kit.policies import Draft, Mutation, catches, leaves_open, lets_pass

BALANCER = "aws:lb/loadBalancer:LoadBalancer"
ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation"
ACL = "aws:wafv2/webAcl:WebAcl"
INGRESS = "kubernetes:networking.k8s.io/v1:Ingress"
CLASS = "kubernetes:networking.k8s.io/v1:IngressClass"
OURS = "entry-firewall-protects-entry"
REGIONAL = "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/front/6f5e"
PUBLIC = {"alb.ingress.kubernetes.io/scheme": "internet-facing"}
GUARDED = {"alb.ingress.kubernetes.io/wafv2-acl-arn": REGIONAL}


def ingress(annotations: Any, class_name: Any = "alb") -> Any:
    spec = {} if class_name is None else {"ingressClassName": class_name}
    return lambda draft: draft.add(INGRESS, "shop", {"metadata": {"name": "shop", "annotations": annotations}, "spec": spec})


PARAMETERS = {
    "ingress.k8s.aws/alb": "elbv2.k8s.aws/v1beta1",
    "eks.amazonaws.com/alb": "eks.amazonaws.com/v1",
    "k8s.io/ingress-nginx": "elbv2.k8s.aws/v1beta1",
}


def with_class(name: str, controller: str, annotations: dict[str, str], class_name: str | None, says: Any = None, own: Any = None) -> Any:
    """Add a class, with parameters where it `says` something, and an Ingress of it, public unless annotated with `own`."""

    def change(draft: Draft) -> None:
        spec: dict[str, Any] = {"controller": controller}
        if says is not None:
            spec["parameters"] = {"kind": "IngressClassParams", "name": "said"}
            draft.add(f"kubernetes:{PARAMETERS[controller]}:IngressClassParams", "said", {"metadata": {"name": "said"}, "spec": says})
        draft.add(CLASS, name, {"metadata": {"name": name, "annotations": annotations}, "spec": spec})
        ingress(PUBLIC if own is None else own, class_name)(draft)

    return change


def not_known_yet(draft: Draft) -> None:
    """As in a first preview: ARNs are unknown, and only dependencies tell what they are of."""
    association = draft.one(ASSOCIATION, OURS)
    urns = {"resourceArn": draft.one(BALANCER).resource.urn, "webAclArn": draft.one(ACL, "entry-firewall-acl").resource.urn}
    for path in urns:
        association.set(path, UNKNOWN)
    association.replace(property_dependencies={path: (urn,) for path, urn in urns.items()})


def untold(draft: Draft) -> None:
    association = draft.one(ASSOCIATION, OURS)
    association.set("resourceArn", UNKNOWN)
    association.replace(property_dependencies={})


DEFAULT = {"ingressclass.kubernetes.io/is-default-class": "true"}
OUTSIDE, ACL_OF_CLASS = {"scheme": "internet-facing"}, {"wafv2AclArn": REGIONAL}
OURS_ALB = "ingress.k8s.aws/alb"
CAUGHT = [
    Mutation("an Ingress of EKS's own controller makes one", with_class("auto", "eks.amazonaws.com/alb", {}, "auto")),
    Mutation("a class of EKS's own makes its Ingresses public", with_class("front", "eks.amazonaws.com/alb", {}, "front", OUTSIDE, {})),
    Mutation("a class makes its Ingresses public", with_class("front", OURS_ALB, {}, "front", OUTSIDE, {})),
    Mutation(
        "a class makes Ingresses public that would be internal",
        with_class("front", OURS_ALB, {}, "front", OUTSIDE, {"alb.ingress.kubernetes.io/scheme": "internal"}),
    ),
    Mutation(
        "a class has an ACL for CloudFront",
        with_class("front", OURS_ALB, {}, "front", {"wafv2AclArn": "arn:x:global/webacl/x"}, {**PUBLIC, **GUARDED}),
    ),
    Mutation("nothing is associated with the load balancer", lambda draft: draft.remove(ASSOCIATION, OURS)),
    Mutation("the ACL is for CloudFront", lambda draft: draft.one(ACL, "entry-firewall-acl").set("scope", "CLOUDFRONT")),
    Mutation("another load balancer has none", lambda draft: draft.add(BALANCER, "more", {"arn": "arn:more"})),
    Mutation(
        "another load balancer says that it is public",
        lambda draft: draft.add(BALANCER, "more", {"arn": "arn:more", "internal": False, "loadBalancerType": "application"}),
    ),
    Mutation(
        "an association names an ACL of the first generation", lambda draft: draft.one(ASSOCIATION, OURS).set("webAclArn", "473e64fd-f30b")
    ),
    Mutation(
        "an association names one for CloudFront",
        lambda draft: draft.add(ASSOCIATION, "wrong", {"resourceArn": "arn:x", "webAclArn": REGIONAL.replace("regional", "global")}),
    ),
    Mutation("an Ingress makes a public load balancer", ingress(PUBLIC)),
    Mutation("an Ingress of the old kind makes one", ingress({**PUBLIC, "kubernetes.io/ingress.class": "alb"}, None)),
    Mutation("an Ingress of a class of our own makes one", with_class("front", "ingress.k8s.aws/alb", {}, "front")),
    Mutation("an Ingress of the default class makes one", with_class("front", "ingress.k8s.aws/alb", DEFAULT, None)),
    Mutation(
        "an Ingress names an ACL for CloudFront",
        ingress({**PUBLIC, **{key: GUARDED[key].replace("regional", "global") for key in GUARDED}}),
    ),
]
SPARED = [
    Mutation("a class has an ACL for all its Ingresses", with_class("front", OURS_ALB, {}, "front", ACL_OF_CLASS)),
    Mutation("a class keeps its Ingresses internal", with_class("front", OURS_ALB, {}, "front", {"scheme": "internal"})),
    Mutation("parameters belong to no class", with_class("front", "k8s.io/ingress-nginx", {}, "front", OUTSIDE, {})),
    Mutation("a load balancer is internal", lambda draft: draft.add(BALANCER, "more", {"arn": "arn:more", "internal": True})),
    Mutation(
        "a load balancer is for networks, which takes no ACL",
        lambda draft: draft.add(BALANCER, "more", {"arn": "arn:more", "loadBalancerType": "network"}),
    ),
    Mutation("an ACL of elsewhere is associated", lambda draft: draft.one(ASSOCIATION, OURS).set("webAclArn", REGIONAL)),
    Mutation("an Ingress is guarded", ingress({**PUBLIC, **GUARDED})),
    Mutation("an Ingress makes an internal load balancer", ingress({"alb.ingress.kubernetes.io/scheme": "internal"})),
    Mutation("an Ingress says nothing, which is internal", ingress({})),
    Mutation("an Ingress is another controller's", ingress(PUBLIC, "nginx")),
    Mutation("an Ingress has no class, and there is no default", ingress(PUBLIC, None)),
    Mutation("the default class is another controller's", with_class("front", "k8s.io/ingress-nginx", DEFAULT, None)),
    Mutation("a class called alb is another controller's", with_class("alb", "k8s.io/ingress-nginx", {}, "alb")),
    Mutation("a class of our own is not the default", with_class("front", "ingress.k8s.aws/alb", {}, None)),
    Mutation("what is associated is not known yet", not_known_yet),
]
OPEN = [
    Mutation("what a class says of the scheme is not known yet", with_class("front", OURS_ALB, {}, "front", {"scheme": UNKNOWN}, {})),
    Mutation(
        "of which kind a load balancer is, is not known yet",
        lambda draft: draft.add(BALANCER, "more", {"arn": "arn:more", "loadBalancerType": UNKNOWN}),
    ),
    Mutation("nothing tells what is associated", untold),
    Mutation("whether an Ingress is public is not known yet", ingress({"alb.ingress.kubernetes.io/scheme": UNKNOWN})),
    Mutation("the class of an Ingress is not known yet", ingress(PUBLIC, UNKNOWN)),
    Mutation("the ACL of an Ingress is not known yet", ingress({**PUBLIC, "alb.ingress.kubernetes.io/wafv2-acl-arn": UNKNOWN})),
    Mutation(
        "whether a load balancer is internal is not known yet",
        lambda draft: draft.add(BALANCER, "more", {"arn": "arn:more", "internal": UNKNOWN}),
    ),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("EDGE-02", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("EDGE-02", mutation)


@pytest.mark.parametrize("mutation", OPEN, ids=str)
def test_what_cannot_be_told_yet_is_open(mutation: Mutation) -> None:
    leaves_open("EDGE-02", mutation)
