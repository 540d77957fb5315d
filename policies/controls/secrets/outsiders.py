"""SEC-03: nobody outside of the account is let in to what keeps data, keys, secrets and code, and never everybody."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from policies.control import Control, Need, Severity, clauses, need, ruled
from policies.graph import Graph, Resource
from policies.scope import listed, statements
from policies.values import ABSENT, UNKNOWN, Answer, all_of, look
from policies.verdict import Ruling

DOCUMENTS = {
    "aws:backup/vaultPolicy:VaultPolicy": "policy",
    "aws:dynamodb/resourcePolicy:ResourcePolicy": "policy",
    "aws:ecr/registryPolicy:RegistryPolicy": "policy",
    "aws:ecr/repositoryPolicy:RepositoryPolicy": "policy",
    "aws:efs/fileSystemPolicy:FileSystemPolicy": "policy",
    "aws:kms/key:Key": "policy",
    "aws:kms/keyPolicy:KeyPolicy": "policy",
    "aws:s3/bucket:Bucket": "policy",
    "aws:s3/bucketPolicy:BucketPolicy": "policy",
    "aws:s3/accessPoint:AccessPoint": "policy",
    "aws:secretsmanager/secret:Secret": "policy",
    "aws:secretsmanager/secretPolicy:SecretPolicy": "policy",
    "aws:ses/identityPolicy:IdentityPolicy": "policy",
    "aws:sesv2/emailIdentityPolicy:EmailIdentityPolicy": "policy",
    "aws:sns/topic:Topic": "policy",
    "aws:sns/topicPolicy:TopicPolicy": "policy",
    "aws:sqs/queue:Queue": "policy",
    "aws:sqs/queuePolicy:QueuePolicy": "policy",
}
"""Where the policy of each kind of resource stands, split off or within."""
PERMISSION, LAYER = "aws:lambda/permission:Permission", "aws:lambda/layerVersionPermission:LayerVersionPermission"
FUNCTION_URL = "aws:lambda/functionUrl:FunctionUrl"
ROLE = "aws:iam/role:Role"
_ACCOUNT = re.compile(r"\b\d{12}\b")
_WITHIN = {
    "aws:principalaccount": "account",
    "aws:sourceaccount": "account",
    "aws:sourceowner": "account",
    "kms:calleraccount": "account",
    "aws:principalarn": "arn",
    "aws:sourcearn": "arn",
    "elasticfilesystem:accesspointarn": "arn",
    "aws:principalorgid": "organisation",
    "aws:resourceorgid": "organisation",
    "aws:sourcevpc": "network",
    "aws:sourcevpce": "network",
    "elasticfilesystem:accessedviamounttarget": "network",
}
"""Keys of conditions that leave nobody but those of an account, a network or an organisation.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html (the meaning of "public")
"""
_NO = ("Not", "Null", "IfExists", "ForAllValues")
"""Parts of operators that are met by requests without the key, or by all others."""
_OURS = "principals of the stack's own account, AWS's services, or everybody under a condition that names account, organisation or network"


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge every policy that stands at a resource, and the permissions and addresses of functions."""
    own = own_account(graph)
    for type_, path in DOCUMENTS.items():
        for resource in graph.of(type_):
            if resource.look(path) is not ABSENT:
                answers = [_is_ours(statement, own) for statement in statements(resource.look(path))]
                yield ruled(resource, Need(path, all_of(answers), _OURS))
    for permission in graph.of(PERMISSION, LAYER):
        yield ruled(permission, Need("principal", _may_call(permission, own), _OURS))
    for address in graph.of(FUNCTION_URL):
        yield ruled(address, need(address, "authorizationType", lambda kind: kind == "AWS_IAM", "AWS_IAM"))


def own_account(graph: Graph) -> str | None:
    """Return the account of a stack: the one that most of its documents name; None where none does."""
    found: Counter[str] = Counter()
    for resource in graph.of(ROLE, PERMISSION, *DOCUMENTS):
        for path in ("assumeRolePolicy", "policy", "sourceAccount"):
            value = resource.look(path)
            found.update(set(_ACCOUNT.findall(value)) if isinstance(value, str) else ())
    return found.most_common(1)[0][0] if found else None


def _is_ours(statement: Any, own: str | None) -> Answer:
    if statement is UNKNOWN:
        return None
    if look(statement, "Effect") != "Allow":
        return True
    if look(statement, "NotPrincipal") is not ABSENT:
        # Everybody but some.
        return False
    who = look(statement, "Principal")
    named = (
        [who] if isinstance(who, str) or who is UNKNOWN else [*listed(who, "AWS"), *listed(who, "CanonicalUser"), *listed(who, "Federated")]
    )
    answers = [_is_of(one, own) for one in named]
    right = all_of(answers)
    return True if right or _is_within(look(statement, "Condition"), own) else right


def _is_of(principal: Any, own: str | None) -> Answer:
    """Tell whether a principal is of an account; who AWS writes by an id of its own is nobody that can be named."""
    if principal is UNKNOWN:
        return None
    account = _ACCOUNT.search(str(principal))
    if account is None:
        # CloudFront's own identities, which are made in the account, stand so.
        return str(principal).startswith("arn:aws:iam::cloudfront:user/")
    return None if own is None else account[0] == own


def _is_within(conditions: Any, own: str | None) -> bool:
    if not isinstance(conditions, dict):
        return False
    return any(
        _names_us(_WITHIN[key.lower()], values, own)
        for operator, test in conditions.items()
        if not any(word in operator for word in _NO)
        for key, values in test.items()
        if key.lower() in _WITHIN
    )


def _names_us(kind: str, values: Any, own: str | None) -> bool:
    given = [value for value in (values if isinstance(values, list) else [values]) if isinstance(value, str)]
    if kind in ("organisation", "network"):
        return bool(given) and "*" not in given
    # An ARN without an account, such as of a bucket, is of nobody in particular.
    return bool(given) and all((found := _ACCOUNT.search(value)) is not None and found[0] == own for value in given)


def _may_call(permission: Resource, own: str | None) -> Answer:
    principal = permission.look("principal")
    if isinstance(principal, str) and principal.endswith(".amazonaws.com"):
        return True
    if any(permission.look(path) not in (ABSENT, "") for path in ("principalOrgId", "organizationId")):
        return True
    return False if principal is ABSENT else _is_of(principal, own)


CONTROL = Control(
    id="SEC-03",
    title="No policy of a bucket, queue, topic, key, secret, vault, file system or function lets outsiders in",
    severity=Severity.CRITICAL,
    why="A policy at a resource lets in whom it names, whatever the rest of the account forbids.",
    fix="name principals of this account; where it has to be '*' add a condition on aws:PrincipalOrgID, aws:SourceAccount or the like",
    clauses=clauses(gdpr="25*", lgpd="46", soc2="CC6.1 CC6.3*", iso27001="5.15 8.3", pci="1.4.2 7.2.1 7.3.1"),
    governs=(*DOCUMENTS, PERMISSION, LAYER, FUNCTION_URL),
    check=check,
)
