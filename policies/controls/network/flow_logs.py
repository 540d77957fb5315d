"""NET-06: every VPC tells who talked to whom, and that is kept."""

from collections.abc import Iterable

from policies.control import Control, Need, Severity, clauses, need, ruled
from policies.graph import Graph, Resource
from policies.scope import is_staging, own_key
from policies.values import Answer, any_of, asks
from policies.verdict import Ruling

VPC = "aws:ec2/vpc:Vpc"
FLOW_LOG = "aws:ec2/flowLog:FlowLog"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
BUCKET = "aws:s3/bucket:Bucket"
_DAYS = 365
_DAYS_STAGING = 7


def check(graph: Graph) -> Iterable[Ruling]:
    """Ask each VPC for a flow log of all traffic, and each flow log for a destination that is encrypted and kept."""
    for vpc in graph.of(VPC):
        logs = graph.attached(vpc, FLOW_LOG, "vpcId")
        answers: list[Answer] = [asks(log.properties, "trafficType", lambda kind: kind == "ALL", absent=False) for log in logs.resources]
        there = any_of([*answers, False if logs.certain else None])
        yield ruled(vpc, Need("", there, "a FlowLog with this vpc_id and traffic_type ALL"))
    for log in graph.of(FLOW_LOG):
        yield _destination(graph, log)


def _destination(graph: Graph, log: Resource) -> Ruling:
    if graph.target(log, "logDestination", BUCKET).resources:
        # A bucket's key and days are asked of the bucket itself.
        return ruled(log)
    groups = graph.target(log, "logDestination", LOG_GROUP)
    if not groups.resources:
        return ruled(log, Need("logDestination", False if groups.certain else None, "a log group or bucket of this stack"))
    group = groups.resources[0]
    days = _DAYS_STAGING if is_staging(log) else _DAYS
    return ruled(
        log,
        own_key(graph, group, "kmsKeyId"),
        # Without the argument, or with 0, events are kept for ever.
        need(group, "retentionInDays", lambda kept: kept == 0 or kept >= days, f"{days} days or more in the log group", absent=True),
    )


CONTROL = Control(
    id="NET-06",
    title="Every VPC has flow logs of all traffic, encrypted, and kept for a year in production",
    severity=Severity.MEDIUM,
    why="Without them nobody can say after an incident what was reached and what left.",
    fix="add ec2.FlowLog(vpc_id=vpc.id, traffic_type='ALL', log_destination=group.arn) to a log group with kms_key_id and 365 days",
    clauses=clauses(gdpr="25 30", lgpd="37 46", soc2="CC7.2 CC7.3", iso27001="8.15 8.16 8.20", pci="10.2.1"),
    governs=(VPC, FLOW_LOG),
    check=check,
)
