"""Builds IAM policy documents from typed statements.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pulumi

Document = str | pulumi.Output[str]
"""A JSON policy document; an Output only where a statement holds one."""

Conditions = Mapping[str, Mapping[str, pulumi.Input[str] | Sequence[pulumi.Input[str]]]]
"""Operator to condition key to one value or several, such as `{"Bool": {"aws:SecureTransport": "false"}}`."""

_SID = re.compile(r"[A-Za-z0-9]+")
_ACTION = re.compile(r"\*|[a-z0-9-]+:[A-Za-z0-9*?]+")
_OPERATOR = re.compile(
    r"((ForAllValues|ForAnyValue):)?"
    r"(String(Equals|NotEquals|EqualsIgnoreCase|NotEqualsIgnoreCase|Like|NotLike)"
    r"|Numeric(Equals|NotEquals|LessThan|LessThanEquals|GreaterThan|GreaterThanEquals)"
    r"|Date(Equals|NotEquals|LessThan|LessThanEquals|GreaterThan|GreaterThanEquals)"
    r"|Arn(Equals|NotEquals|Like|NotLike)|Bool|BinaryEquals|IpAddress|NotIpAddress)(IfExists)?"
    r"|Null"
)


@dataclass(frozen=True, slots=True)
class Principal:
    """Who a statement of a resource policy or a trust policy speaks of."""

    kind: Literal["AWS", "Service", "Federated", "CanonicalUser"]
    ids: tuple[pulumi.Input[str], ...]

    @staticmethod
    def services(*names: str) -> "Principal":
        """AWS services, such as `logs.eu-west-1.amazonaws.com`."""
        return Principal("Service", names)

    @staticmethod
    def aws(*ids: pulumi.Input[str]) -> "Principal":
        """Accounts, roles or users by ARN or account id."""
        return Principal("AWS", ids)

    @staticmethod
    def federated(*providers: pulumi.Input[str]) -> "Principal":
        """Identity providers by ARN."""
        return Principal("Federated", providers)

    @staticmethod
    def everyone() -> "Principal":
        """Anyone at all, written `{"AWS": "*"}`; only for Deny, or for Allow under a condition."""
        return Principal("AWS", ("*",))


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """One statement; `allow` and `deny` read better than building it by hand.

    Raises ValueError on a malformed sid, action or condition operator, on an empty list, on an Allow that gives
    everything (`*` as action, or all but some) or gives something to everyone without a condition.
    """

    effect: Literal["Allow", "Deny"]
    actions: Sequence[str]
    resources: Sequence[pulumi.Input[str]] = ()
    """Empty in trust policies, which name no resource."""
    principals: Sequence[Principal] = ()
    """Empty in identity policies, which belong to the one they are attached to."""
    conditions: Conditions = field(default_factory=dict)
    sid: str | None = None
    all_but: bool = False
    """The statement is about every action but these (`NotAction`); only for Deny."""
    elsewhere: bool = False
    """The statement is about every resource but these (`NotResource`); only for Deny."""

    def __post_init__(self) -> None:
        if self.sid is not None and not _SID.fullmatch(self.sid):
            raise ValueError(f"sid must be letters and digits (got {self.sid!r})")
        if not self.actions or isinstance(self.actions, str) or isinstance(self.resources, str):
            raise ValueError("actions must be a list with at least one action, and resources a list")
        for action in self.actions:
            if not _ACTION.fullmatch(action):
                raise ValueError(f"action must look like 's3:GetObject' (got {action!r})")
        for operator in self.conditions:
            if not _OPERATOR.fullmatch(operator):
                raise ValueError(f"{operator!r} is no condition operator of IAM")
        if self.effect == "Allow" and (self.all_but or self.elsewhere):
            raise ValueError("an Allow of all but something is refused: it would allow whatever AWS adds; name what is allowed")
        if self.effect == "Allow" and "*" in self.actions:
            raise ValueError("an Allow of every action is refused: name the service, such as 'kms:*'")
        if self.effect == "Allow" and not self.conditions and Principal.everyone() in self.principals:
            raise ValueError("an Allow for everyone is refused without a condition: name the principals")

    def as_dict(self) -> dict[str, Any]:
        """Return the statement in IAM's own keys; Outputs inside are left as they are."""
        statement: dict[str, Any] = {"Effect": self.effect}
        if self.sid is not None:
            statement["Sid"] = self.sid
        principals: dict[str, list[pulumi.Input[str]]] = {}
        for principal in self.principals:
            principals.setdefault(principal.kind, []).extend(principal.ids)
        if principals:
            statement["Principal"] = {kind: _one_or_many(ids) for kind, ids in principals.items()}
        statement["NotAction" if self.all_but else "Action"] = _one_or_many(self.actions)
        if self.resources:
            statement["NotResource" if self.elsewhere else "Resource"] = _one_or_many(self.resources)
        if self.conditions:
            statement["Condition"] = {operator: dict(test) for operator, test in self.conditions.items()}
        return statement


def allow(
    *actions: str,
    on: Sequence[pulumi.Input[str]] = (),
    to: Sequence[Principal] = (),
    when: Conditions | None = None,
    sid: str | None = None,
) -> Statement:
    """Return a statement that allows `actions` on the resources `on` to the principals `to`."""
    return Statement(effect="Allow", actions=actions, resources=on, principals=to, conditions=when or {}, sid=sid)


def deny(
    *actions: str,
    on: Sequence[pulumi.Input[str]] = (),
    to: Sequence[Principal] = (),
    when: Conditions | None = None,
    sid: str | None = None,
) -> Statement:
    """Return a statement that denies `actions` on the resources `on` to the principals `to`."""
    return Statement(effect="Deny", actions=actions, resources=on, principals=to, conditions=when or {}, sid=sid)


def deny_all_but(*actions: str, on: Sequence[pulumi.Input[str]], when: Conditions | None = None, sid: str | None = None) -> Statement:
    """Return a statement that denies every action but `actions` on the resources `on`."""
    return Statement(effect="Deny", actions=actions, resources=on, conditions=when or {}, sid=sid, all_but=True)


def deny_elsewhere(*actions: str, than: Sequence[pulumi.Input[str]], when: Conditions | None = None, sid: str | None = None) -> Statement:
    """Return a statement that denies `actions` on every resource but those in `than`."""
    return Statement(effect="Deny", actions=actions, resources=than, conditions=when or {}, sid=sid, elsewhere=True)


def document(*statements: Statement) -> Document:
    """Return the policy as JSON: a plain string, or an Output when a statement holds one.

    Raises ValueError when there is no statement or two share a sid.
    """
    if not statements:
        raise ValueError("a policy document needs at least one statement")
    sids = [statement.sid for statement in statements if statement.sid is not None]
    if len(set(sids)) != len(sids):
        raise ValueError(f"sids of a document must differ (got {', '.join(sids)})")
    body = {"Version": "2012-10-17", "Statement": [statement.as_dict() for statement in statements]}
    if _holds_output(body):
        return pulumi.Output.from_input(body).apply(_to_json)
    return _to_json(body)


def assume_role(service: str, *, source_account: str | None = None, source_arn: pulumi.Input[str] | None = None) -> Document:
    """Return a trust policy for one AWS service, such as `eks.amazonaws.com`.

    `source_account` and `source_arn` (wildcards allowed) keep another customer's use of the service out.
    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
    """
    conditions: dict[str, dict[str, pulumi.Input[str] | Sequence[pulumi.Input[str]]]] = {}
    if source_account is not None:
        conditions["StringEquals"] = {"aws:SourceAccount": source_account}
    if source_arn is not None:
        conditions["ArnLike"] = {"aws:SourceArn": source_arn}
    return document(allow("sts:AssumeRole", to=[Principal.services(service)], when=conditions))


def pod_identity_trust(
    *,
    source_account: str | None = None,
    cluster_arn: pulumi.Input[str] | None = None,
    namespace: str | None = None,
    service_account: str | None = None,
) -> Document:
    """Return the trust policy of a role that pods of an EKS cluster take on.

    Cluster, namespace and service account are told by the session tags that EKS adds, so that the role serves those
    pods alone, whatever association someone makes later.
    Sources: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html,
    https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html (tags).
    """
    told = {
        "aws:SourceAccount": source_account,
        "aws:RequestTag/eks-cluster-arn": cluster_arn,
        "aws:RequestTag/kubernetes-namespace": namespace,
        "aws:RequestTag/kubernetes-service-account": service_account,
    }
    equal = {key: value for key, value in told.items() if value is not None}
    principal = Principal.services("pods.eks.amazonaws.com")
    conditions: Conditions = {"StringEquals": equal} if equal else {}
    return document(allow("sts:AssumeRole", "sts:TagSession", to=[principal], when=conditions))


def _one_or_many(values: Sequence[Any]) -> Any:
    return values[0] if len(values) == 1 else list(values)


def _holds_output(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(_holds_output(inner) for inner in value.values())
    if isinstance(value, list | tuple):
        return any(_holds_output(inner) for inner in value)
    return isinstance(value, pulumi.Output)


def _to_json(body: Any) -> str:
    return json.dumps(body, separators=(",", ":"))
