"""IAM-05: what an AWS service may do here it does for this account's resources alone, and not for another customer's."""

from collections.abc import Iterable
from typing import Any

from policies.control import Control, Need, Severity, clauses, ruled
from policies.graph import Graph
from policies.scope import listed, statements
from policies.values import ABSENT, UNKNOWN, Answer, all_of, any_of, asks, look, negated
from policies.verdict import Ruling

ROLE, PERMISSION = "aws:iam/role:Role", "aws:lambda/permission:Permission"
_SOURCE = frozenset({"aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"})
_OF_PODS = "aws:requesttag/eks-cluster-arn"
"""Whose pods they are: EKS tells it of every session, under a tag that nobody else can set.

Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html
"""
_SILENT = frozenset(
    {
        "apigateway.amazonaws.com",
        "ec2.amazonaws.com",
        "edgelambda.amazonaws.com",
        "lambda.amazonaws.com",
        "s3.amazonaws.com",
    }
)
"""Services whose own pages give a trust policy without a source. They take on only roles that were passed to them, and a role cannot be
passed into another account.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html,
https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html,
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html,
https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html,
https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
"""
_TRUST = "a condition on aws:SourceArn or aws:SourceAccount for each service; of pods, on the tag of their cluster"


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge roles by their trust in services, and each permission to call a function that a service has.

    The ARN of a bucket names no account, so a permission of S3 needs the account as well.
    """
    for role in graph.of(ROLE):
        yield ruled(role, Need("assumeRolePolicy", all_of(map(_names_its_source, statements(role.look("assumeRolePolicy")))), _TRUST))
    for permission in graph.of(PERMISSION):
        is_service = asks(
            permission.properties, "principal", lambda who: str(who).endswith((".amazonaws.com", ".amazonaws.com.cn")), absent=False
        )
        by_bucket = asks(permission.properties, "principal", lambda who: str(who).startswith("s3."), absent=False)
        account = _is_given(permission.look("sourceAccount"))
        arn = all_of([_is_given(permission.look("sourceArn")), negated(by_bucket)])
        right = any_of([negated(is_service), account, arn, _is_given(permission.look("principalOrgId"))])
        allowed = "the resource or the account that the service calls for; of S3 the account"
        yield ruled(permission, Need("sourceArn", right, allowed))


def _is_given(value: Any) -> bool:
    """Tell whether something is there, known or not: an ARN that is made with the resource is the usual case."""
    return value is UNKNOWN or (isinstance(value, str) and value not in ("", "*"))


def _names_its_source(statement: Any) -> Answer:
    if statement is UNKNOWN:
        return None
    services = [one for one in listed(look(statement, "Principal"), "Service") if one not in _SILENT]
    if look(statement, "Effect") != "Allow" or not services:
        return True
    conditions = look(statement, "Condition")
    if conditions is UNKNOWN or UNKNOWN in services:
        return None
    keys = {key.lower() for test in (conditions.values() if conditions is not ABSENT else ()) for key in test}
    return bool(keys & _SOURCE) or (services == ["pods.eks.amazonaws.com"] and _OF_PODS in keys)


CONTROL = Control(
    id="IAM-05",
    title="Services act here for the account's own resources only",
    severity=Severity.MEDIUM,
    why="A service works for every customer of AWS: without a condition another one's resource can make it use our role or function.",
    fix="pass source_account and source_arn to policy_document.assume_role; set source_arn or source_account on lambda_.Permission",
    clauses=clauses(lgpd="46", soc2="CC6.3*", iso27001="5.15 8.3", pci="7.2.2 7.3.1"),
    governs=(ROLE, PERMISSION),
    check=check,
)
