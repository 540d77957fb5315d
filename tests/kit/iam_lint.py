"""Reads every IAM document of a graph as a reviewer would: what is misspelt, too wide or too long.

What actions there are is read from cfn-lint, which ships AWS's own list (`Policies.json`); it knows no condition keys, so
those in use are listed here, each looked up in AWS's service authorization reference.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from typing import Any

from tests.kit.recorder import Graph, Recorded

CONDITION_KEYS = {
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    *("aws:MultiFactorAuthAge", "aws:MultiFactorAuthPresent", "aws:PrincipalAccount", "aws:PrincipalArn", "aws:PrincipalIsAWSService"),
    *("aws:PrincipalOrgID", "aws:RequestedRegion", "aws:ResourceAccount", "aws:SecureTransport", "aws:SourceAccount", "aws:SourceArn"),
    *("aws:SourceIp", "aws:SourceVpc", "aws:SourceVpce", "aws:CalledVia", "aws:ViaAWSService", "aws:PrincipalServiceName"),
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
    *("iam:AWSServiceName", "iam:PassedToService", "iam:PermissionsBoundary", "sts:RoleSessionName"),
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
    *("kms:CallerAccount", "kms:GrantIsForAWSResource", "kms:ResourceAliases", "kms:ViaService"),
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
    *(
        "s3:TlsVersion",
        "s3:prefix",
        "s3:x-amz-acl",
        "s3:x-amz-server-side-encryption",
        "s3:x-amz-server-side-encryption-aws-kms-key-id",
        "s3:DataAccessPointAccount",
    ),
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbackup.html
    *("backup:CopyTargets", "backup:CopyTargetOrgPaths"),
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
    "cloudwatch:namespace",
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticfilesystem.html
    *("elasticfilesystem:AccessedViaMountTarget", "elasticfilesystem:AccessPointArn"),
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
    *("aws:TagKeys", "ec2:CreateAction"),
    # https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html
    "lambda:SourceFunctionArn",
    # https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-conditions-route53.html
    *("route53:ChangeResourceRecordSetsNormalizedRecordNames", "route53:ChangeResourceRecordSetsRecordTypes"),
}
_WITH_A_NAME = (
    "aws:PrincipalTag/",
    "aws:RequestTag/",
    "aws:ResourceTag/",
    "kms:EncryptionContext:",
    "ec2:ResourceTag/",
    "s3:ExistingObjectTag/",
)
"""Keys whose last part is chosen by whoever uses them."""
_LIMITS: Mapping[tuple[str, str], int] = {
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    ("aws:iam/policy:Policy", "policy"): 6144,
    ("aws:iam/role:Role", "assumeRolePolicy"): 2048,
    ("aws:iam/rolePolicy:RolePolicy", "policy"): 10240,
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html
    ("aws:s3/bucketPolicy:BucketPolicy", "policy"): 20480,
    # https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html
    ("aws:kms/key:Key", "policy"): 32768,
}
_IDENTITY = {"aws:iam/policy:Policy", "aws:iam/rolePolicy:RolePolicy"}
_OPERATOR = re.compile(
    r"(ForAllValues:|ForAnyValue:)?(String(Not)?(Equals(IgnoreCase)?|Like)|Numeric\w+|Date\w+|Arn(Not)?(Equals|Like)|Bool|(Not)?IpAddress|Null)(IfExists)?"
)


@dataclass(frozen=True)
class Document:
    """One document, and whose it is."""

    holder: Recorded
    key: str
    text: str

    @property
    def statements(self) -> list[dict[str, Any]]:
        found = json.loads(self.text)["Statement"]
        return found if isinstance(found, list) else [found]

    @property
    def of_identity(self) -> bool:
        """Whether it says what its holder may do, and not who may do what with it."""
        return self.holder.type in _IDENTITY

    def __str__(self) -> str:
        return f"{self.holder.type} {self.holder.name} ({self.key})"


def documents(graph: Graph) -> list[Document]:
    """Return every text in the graph that is an IAM document, whatever resource has it."""
    return [
        Document(each, key, text)
        for each in graph.resources
        if each.custom
        for key, value in _texts(each.inputs)
        if _is_document(value)
        for text in _inside(value)
    ]


def findings(document: Document) -> list[str]:
    """Return what is wrong with a document, a sentence each; widths that AWS would accept too are in `widths`."""
    found = [f"{document}: {text}" for statement in document.statements for text in _statement(statement)]
    limit, size = _LIMITS.get((document.holder.type, document.key)), len(re.sub(r"\s", "", document.text))
    if limit is not None and size > limit:
        found.append(f"{document}: {size} characters, at most {limit} are allowed")
    sids = [statement["Sid"] for statement in document.statements if "Sid" in statement]
    if len(sids) != len(set(sids)):
        found.append(f"{document}: a Sid twice")
    return found


def widths(document: Document) -> list[str]:
    """Return the actions that are allowed on everything though they are a whole service, or all services."""
    return [
        action
        for statement in document.statements
        if document.of_identity and statement["Effect"] == "Allow" and "*" in _list(statement.get("Resource", []))
        for action in _list(statement.get("Action", []))
        if action == "*" or action.endswith(":*")
    ]


def _statement(statement: dict[str, Any]) -> Iterator[str]:
    sid = statement.get("Sid", "")
    if not re.fullmatch(r"[A-Za-z0-9]*", sid):
        yield f"Sid {sid!r} is not of letters and digits"
    for action in _list(statement.get("Action", [])) + _list(statement.get("NotAction", [])):
        if not _exists(action):
            yield f"there is no action {action}"
    if statement["Effect"] == "Allow":
        for member in ("NotAction", "NotResource", "NotPrincipal"):
            if member in statement:
                yield f"an Allow with {member} allows what nobody has thought of"
        everyone = statement.get("Principal") in ("*", {"AWS": "*"})
        if everyone and not statement.get("Condition"):
            yield "anyone at all is allowed"
    for operator, tests in statement.get("Condition", {}).items():
        if not _OPERATOR.fullmatch(operator):
            yield f"there is no operator {operator}"
        for key in tests:
            if key not in CONDITION_KEYS and not key.startswith(_WITH_A_NAME) and not re.fullmatch(r"[a-z0-9.-]+\.[a-z]+:(sub|aud)", key):
                yield f"nobody has looked up the condition key {key}"


def _exists(action: str) -> bool:
    if action == "*":
        return True
    service, _, name = action.partition(":")
    return any(fnmatchcase(each, name.lower()) for each in _actions().get(service, ()))


@cache
def _actions() -> Mapping[str, frozenset[str]]:
    """Return each service's actions in lower case, as cfn-lint has them."""
    shipped = json.loads(files("cfnlint.data.AdditionalSpecs").joinpath("Policies.json").read_text(encoding="utf-8"))
    return {service: frozenset(entry["Actions"]) for service, entry in shipped.items()}


def _texts(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _texts(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, key)


def _inside(text: str) -> Iterator[str]:
    """Yield the document itself, or those that a larger one holds, such as the contract of an API."""
    found = json.loads(text)
    if "Statement" in found:
        yield text
        return
    for inner in found.values():
        if isinstance(inner, dict):
            yield from (each for each in _inside(json.dumps(inner)) if _is_document(each))


def _is_document(text: str) -> bool:
    return text.lstrip().startswith("{") and '"Statement"' in text and '"Effect"' in text


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
