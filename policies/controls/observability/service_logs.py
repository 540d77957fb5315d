"""LOG-03: what stores, clusters, doors and caches see is written down."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from policies.control import Control, Need, Severity, clauses, need, ruled
from policies.graph import Graph, Resource
from policies.values import ABSENT, UNKNOWN, Answer, all_of, any_of, asks, each, is_yes, look, texts
from policies.verdict import Ruling

INSTANCE, GROUP = "aws:rds/instance:Instance", "aws:rds/parameterGroup:ParameterGroup"
CLUSTER = "aws:eks/cluster:Cluster"
STAGE, HTTP_STAGE = "aws:apigateway/stage:Stage", "aws:apigatewayv2/stage:Stage"
BALANCER = "aws:lb/loadBalancer:LoadBalancer"
ACL, ACL_LOG = "aws:wafv2/webAcl:WebAcl", "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"
CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
USERS, USERS_LOG = "aws:cognito/userPool:UserPool", "aws:cognito/logDeliveryConfiguration:LogDeliveryConfiguration"
_OF_CLUSTER = frozenset({"api", "audit", "authenticator", "controllerManager", "scheduler"})
_OF_CACHE = frozenset({"engine-log", "slow-log"})
_AUDITED = frozenset({"ddl", "role"})
"""What pgaudit is to write down at least: changes of the schema, and of rights. `all` has both."""


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge each service by the logs that it is asked to write; how long they are kept is asked of their groups and buckets."""
    for instance in graph.of(INSTANCE):
        if asks(instance.properties, "engine", lambda engine: "postgres" in engine, absent=True) is not False:
            yield ruled(
                instance,
                need(instance, "enabledCloudwatchLogsExports", lambda logs: "postgresql" in logs, "postgresql among others"),
                Need(
                    "parameterGroupName",
                    _is_audited(graph, instance),
                    "a group of this stack with pgaudit on ddl and role, and log_connections",
                ),
            )
    for cluster in graph.of(CLUSTER):
        wanted = ", ".join(sorted(_OF_CLUSTER))
        yield ruled(cluster, need(cluster, "enabledClusterLogTypes", lambda kinds: set(texts(kinds)) >= _OF_CLUSTER, wanted))
    for stage in graph.of(STAGE, HTTP_STAGE):
        yield ruled(stage, _named(stage, "accessLogSettings.destinationArn", "the ARN of a log group"))
    for balancer in graph.of(BALANCER):
        yield ruled(balancer, need(balancer, "accessLogs.enabled", is_yes, "true"), _named(balancer, "accessLogs.bucket", "a bucket"))
    for cache in graph.of(CACHE):
        kinds: list[Any] = [look(one, "logType") for one in each(cache.properties, "logDeliveryConfigurations")]
        told = True if set(texts(kinds)) >= _OF_CACHE else None if UNKNOWN in kinds else False
        yield ruled(cache, Need("logDeliveryConfigurations.logType", told, ", ".join(sorted(_OF_CACHE))))
    for owner_type, log_type, path in ((ACL, ACL_LOG, "resourceArn"), (USERS, USERS_LOG, "userPoolId")):
        for owner in graph.of(owner_type):
            logs = graph.attached(owner, log_type, path)
            there = any_of([bool(logs.resources), False if logs.certain else None])
            yield ruled(owner, Need("", there, f"a {log_type.rpartition(':')[2]} that names it"))


def _named(resource: Resource, path: str, allowed: str) -> Need:
    # One that is not known yet is named all the same.
    return Need(path, resource.look(path) not in (ABSENT, ""), allowed)


def _is_audited(graph: Graph, instance: Resource) -> Answer:
    groups = graph.target(instance, "parameterGroupName", GROUP)
    return any_of([*(_audits(group) for group in groups.resources), False if groups.certain else None])


def _audits(group: Resource) -> Answer:
    parameters = each(group.properties, "parameters")
    given: Mapping[Any, Any] = {look(one, "name"): look(one, "value") for one in parameters}
    if UNKNOWN in given:
        return None

    def told(name: str, test: Callable[[frozenset[str]], bool]) -> Answer:
        value = given.get(name, "")
        return None if value is UNKNOWN else test(frozenset(word.strip() for word in str(value).lower().split(",")))

    return all_of(
        [
            told("shared_preload_libraries", lambda words: "pgaudit" in words),
            told("pgaudit.log", lambda words: "all" in words or words >= _AUDITED),
            told("log_connections", lambda words: bool(words & {"1", "on", "all"})),
        ]
    )


CONTROL = Control(
    id="LOG-03",
    title="Databases, clusters, APIs, balancers, web ACLs, caches and user pools write their logs",
    severity=Severity.HIGH,
    why="What was done to a database or tried at a door is in these logs, and in nothing else that AWS keeps.",
    fix="switch on the service's own logs: exports with pgaudit, all five of EKS, access logs, web ACL logging, engine and slow log",
    clauses=clauses(gdpr="30 32", lgpd="37", soc2="CC7.2 PI1.3", iso27001="8.15", pci="10.2.1"),
    governs=(INSTANCE, CLUSTER, STAGE, HTTP_STAGE, BALANCER, ACL, CACHE, USERS),
    check=check,
)
