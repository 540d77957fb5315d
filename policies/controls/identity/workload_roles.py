"""IAM-03: pods take on roles of their own service account and no other, and nodes have no right that an application needs."""

from collections.abc import Iterable, Iterator
from typing import Any

from policies.control import Control, Need, Severity, clauses, need, ruled
from policies.graph import Graph, Resource
from policies.scope import listed, statements
from policies.values import ABSENT, UNKNOWN, Answer, all_of, any_of, asks, each, look
from policies.verdict import Ruling
from policies.workloads import label

ROLE, POLICY = "aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
ASSOCIATION, NODES = "aws:eks/podIdentityAssociation:PodIdentityAssociation", "aws:eks/nodeGroup:NodeGroup"
ACCOUNT = "kubernetes:core/v1:ServiceAccount"
_PODS = "pods.eks.amazonaws.com"
_TAG = "aws:requesttag/"
_WHOSE = {f"{_TAG}kubernetes-namespace": "namespace", f"{_TAG}kubernetes-service-account": "serviceAccount"}
"""Tags that EKS gives each session of a pod, and what an association calls them.

Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html
"""
_ANNOTATION = "eks.amazonaws.com/role-arn"
_OF_NODES = frozenset(
    {
        *("AmazonEKSWorkerNodePolicy", "AmazonEKSWorkerNodeMinimalPolicy", "AmazonSSMManagedInstanceCore"),
        *("AmazonEC2ContainerRegistryPullOnly", "AmazonEC2ContainerRegistryReadOnly"),
    }
)
"""Joining a cluster, pulling images, sessions of operators.

Source: https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html
"""
_EXACT = "one namespace and service account in full (StringEquals on the session's tags, or on sub and aud of the cluster's issuer)"
_NODE_RIGHTS = f"AWS's own policies for nodes alone: {', '.join(sorted(_OF_NODES))}"


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge roles of pods by their trust, those of nodes by their policies, and whatever hands a role to a service account."""
    nodes = {role.urn for group in graph.of(NODES) for role in graph.target(group, "nodeRoleArn", ROLE).resources}
    for role in graph.of(ROLE):
        trust = statements(role.look("assumeRolePolicy"))
        answers = [_is_exact(statement) for statement in trust]
        rights = _has_node_rights_only(graph, role) if role.urn in nodes else True
        yield ruled(role, Need("assumeRolePolicy", all_of(answers), _EXACT), Need("managedPolicyArns", rights, _NODE_RIGHTS))
    for provider in graph.of(PROVIDER):
        yield ruled(
            provider, need(provider, "clientIdLists", lambda ids: bool(ids) and "*" not in ids, "the audiences of its tokens, in full")
        )
    for association in graph.of(ASSOCIATION):
        yield ruled(association, Need("roleArn", _is_trusted(graph, association), "a role whose trust names this service account"))
    for account in graph.of(ACCOUNT):
        yield ruled(account, Need("metadata.annotations", _is_named(graph, account), "a role whose trust names this service account"))


def _conditions(statement: Any, operator: str) -> dict[str, list[Any]]:
    found = look(statement, f"Condition.{operator}")
    return (
        {key.lower(): values if isinstance(values, list) else [values] for key, values in found.items()} if isinstance(found, dict) else {}
    )


def _is_exact(statement: Any) -> Answer:
    """Tell whether a statement that trusts pods does so by their service account; any other is none of this control's."""
    if statement is UNKNOWN:
        return None
    who = look(statement, "Principal")
    issuers = [one for one in listed(who, "Federated") if isinstance(one, str) and "oidc.eks." in one]
    if look(statement, "Effect") != "Allow" or (_PODS not in listed(who, "Service") and not issuers):
        return True
    equal = _conditions(statement, "StringEquals")
    if issuers:
        return _is_whole(equal, ":sub") and _is_whole(equal, ":aud")
    return all(_is_whole(equal, tag) for tag in _WHOSE)


def _is_whole(equal: dict[str, list[Any]], ending: str) -> bool:
    """Tell whether a key is compared with texts in full; StringEquals takes a wildcard for what it is, so that it would never match."""
    return any(key.endswith(ending) and values and not any("*" in str(value) for value in values) for key, values in equal.items())


def _is_trusted(graph: Graph, association: Resource) -> Answer:
    roles = graph.target(association, "roleArn", ROLE).resources
    if not roles:
        return None if association.look("roleArn") is not ABSENT else False
    return all_of([_names(role, association) for role in roles])


def _names(role: Resource, association: Resource) -> Answer:
    answers: list[Answer] = []
    for statement in statements(role.look("assumeRolePolicy")):
        if statement is UNKNOWN:
            answers.append(None)
        elif _PODS in listed(look(statement, "Principal"), "Service"):
            equal = _conditions(statement, "StringEquals")
            answers.append(all_of([_says(association, field, equal.get(tag, [])) for tag, field in _WHOSE.items()]))
    return any_of(answers)


def _says(association: Resource, field: str, named: list[Any]) -> Answer:
    return asks(association.properties, field, lambda value: value in named, absent=False)


def _is_named(graph: Graph, account: Resource) -> Answer:
    """Tell whether the role that a service account names trusts it; one that names none takes on nothing by this."""
    arn = label(account, _ANNOTATION, of="annotations")
    if arn is ABSENT:
        return True
    roles = [role for role in graph.of(ROLE) if arn is not UNKNOWN and role.look("arn") == arn]
    subject = f"system:serviceaccount:{account.look('metadata.namespace')}:{account.look('metadata.name')}"
    found = [
        None if statement is UNKNOWN else any(subject in values for values in _conditions(statement, "StringEquals").values())
        for role in roles
        for statement in statements(role.look("assumeRolePolicy"))
    ]
    return any_of(found) if roles else None


def _has_node_rights_only(graph: Graph, role: Resource) -> Answer:
    return all_of(
        [*_attached(graph, role), not graph.attached(role, POLICY, "role").resources, not each(role.properties, "inlinePolicies")]
    )


def _attached(graph: Graph, role: Resource) -> Iterator[Answer]:
    given = [attachment.look("policyArn") for attachment in graph.attached(role, ATTACHMENT, "role").resources]
    for arn in [*given, *each(role.properties, "managedPolicyArns")]:
        # A policy of the estate's own is not known yet; none of them is AWS's.
        yield isinstance(arn, str) and arn.startswith("arn:aws:iam::aws:") and arn.rpartition("/")[2] in _OF_NODES


CONTROL = Control(
    id="IAM-03",
    title="Each role of pods is for one service account, and nodes have no right of an application",
    severity=Severity.HIGH,
    why="What a node may do every pod on it may do, and what a namespace may do whoever gets a pod into it.",
    fix="use cluster.PodIdentity (components/cluster/pod_identity.py), whose trust names namespace and service account",
    clauses=clauses(gdpr="25*", lgpd="46", soc2="CC6.1* CC6.3*", iso27001="5.16* 8.2*", pci="7.2.5* 8.6.1*"),
    governs=(ROLE, PROVIDER, ASSOCIATION, ACCOUNT),
    check=check,
)
