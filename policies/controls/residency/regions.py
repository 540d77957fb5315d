"""RES-01: nothing stands in another region than its stack's, unless the register of transfers knows why."""

from collections.abc import Iterable
from typing import Any

from config.vocabulary import DataClass
from policies.control import Control, Need, Severity, clauses, ruled
from policies.controls.residency._register import ALLOWED, lawful
from policies.graph import Graph, Resource
from policies.holdings import BUCKET, data_class
from policies.scope import KEY
from policies.values import ABSENT, UNKNOWN, Answer, all_of, any_of
from policies.verdict import Ruling

_GLOBAL = ("aws:cloudfront/", "aws:iam/", "aws:organizations/", "aws:route53/", "aws:budgets/", "aws:shield/")
"""Services that stand in no region."""
ACCEPTER = "aws:ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter"
_HELD = (
    "aws:backup/vault:Vault",
    "aws:cloudwatch/logGroup:LogGroup",
    "aws:dynamodb/table:Table",
    "aws:dynamodb/tableReplica:TableReplica",
    "aws:ec2/vpc:Vpc",
    "aws:efs/fileSystem:FileSystem",
    "aws:elasticache/replicationGroup:ReplicationGroup",
    "aws:kms/key:Key",
    "aws:lambda/function:Function",
    "aws:rds/instance:Instance",
    "aws:s3/bucket:Bucket",
    "aws:secretsmanager/secret:Secret",
    "aws:sns/topic:Topic",
    "aws:sqs/queue:Queue",
)


_BELONGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("bucket", (BUCKET,)),
    ("backupVaultName", ("aws:backup/vault:Vault",)),
    ("targetKeyId", (KEY,)),
    ("sourceDbInstanceArn", ("aws:rds/instance:Instance",)),
    ("transitGatewayAttachmentId", (ACCEPTER, "aws:ec2transitgateway/peeringAttachment:PeeringAttachment")),
)
"""What resources without tags are a part of, by the property that says so: they hold what that holds."""


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge every resource of AWS that stands in a region: abroad, what it holds has to be known, and to have a row of the register."""
    for resource in graph.resources:
        if resource.type.startswith("aws:") and not resource.type.startswith(_GLOBAL):
            yield ruled(resource, Need("region", _may_stand(graph, resource), f"the stack's region, or {ALLOWED}, which its tag names"))


def _may_stand(graph: Graph, resource: Resource) -> Answer:
    home, there = resource.provider_region, resource.region
    # What says no region stands where its provider does.
    if there == home:
        return True
    return all_of([_may_go(data, home, there) for data in _held(graph, resource)])


def _may_go(data: Any, home: Any, there: Any) -> Answer:
    if data is DataClass.LOGS:
        # What a lawful copy of personal data writes about itself stands beside it on the same ground, the strictest there is.
        return any_of([lawful(DataClass.LOGS, home, there), lawful(DataClass.PERSONAL, home, there)])
    return lawful(data, home, there)


def _held(graph: Graph, resource: Resource) -> list[Any]:
    """Return what a resource is tagged with, or what that it is a part of is; ABSENT where nothing tells."""
    own = data_class(resource)
    if own is not ABSENT:
        return [own]
    for path, types in _BELONGS:
        owners = graph.target(resource, path, *types)
        if owners.resources or not owners.certain:
            return [data_class(owner) for owner in owners.resources] or [UNKNOWN]
    return [ABSENT]


CONTROL = Control(
    id="RES-01",
    title="Resources stand in their stack's region, or where the register of transfers lets their data go",
    severity=Severity.CRITICAL,
    why="Personal data may leave its jurisdiction on a legal ground only; one region argument too many is a transfer without any.",
    fix="leave `region` out, or add the row with its ground to config/transfers.yaml and have it approved",
    clauses=clauses(gdpr="44* 25*", lgpd="33", soc2="C1.1*", iso27001="5.31* 5.34*"),
    governs=_HELD,
    check=check,
    house=True,
)
