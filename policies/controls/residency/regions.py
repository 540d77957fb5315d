"""RES-01: nothing stands in another region than its stack's, unless the register of transfers knows why."""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import yaml

from config.transfers import FILE, TransferRegister
from config.vocabulary import DataClass, Region, TagKey
from policies.control import Control, Need, Severity, clauses, ruled
from policies.graph import Graph, Resource
from policies.values import ABSENT, UNKNOWN, Answer
from policies.verdict import Ruling

_ROOT = Path(__file__).resolve().parents[3]
_GLOBAL = ("aws:cloudfront/", "aws:iam/", "aws:organizations/", "aws:route53/", "aws:budgets/", "aws:shield/")
"""Services that stand in no region."""
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


@cache
def register() -> TransferRegister:
    """Return the register of transfers."""
    return TransferRegister.model_validate(yaml.safe_load((_ROOT / FILE).read_text(encoding="utf-8")))


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge every resource of AWS that stands in a region; what says its data class needs a row for that, anything else a row at all."""
    for resource in graph.resources:
        if resource.type.startswith("aws:") and not resource.type.startswith(_GLOBAL):
            yield ruled(
                resource, Need("region", _may_stand(resource), f"the stack's region, or one that {FILE} names today for its data class")
            )


def _may_stand(resource: Resource) -> Answer:
    home, there = resource.provider_region, resource.region
    if there is ABSENT or there == home:
        return True
    if UNKNOWN in (home, there) or home is ABSENT:
        return None
    regions = {str(region) for region in Region}
    if there not in regions or home not in regions:
        return False
    kind = resource.look(f"tags.{TagKey.DATA_CLASS}")
    classes = [DataClass(kind)] if kind in set(DataClass) else list(DataClass)
    if classes == [DataClass.LOGS]:
        # What a lawful copy of personal data writes about itself stands beside it on the same ground, the strictest there is.
        classes.append(DataClass.PERSONAL)
    today = datetime.now(UTC).date()
    return any(register().missing(data, Region(home), Region(there), today) is None for data in classes)


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
