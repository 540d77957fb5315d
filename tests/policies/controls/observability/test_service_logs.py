"""Services that see much and write nothing down."""

from collections.abc import Callable
from typing import Any

import pytest

from policies.values import UNKNOWN
from tests.kit.policies import Draft, Mutation, catches, leaves_open, lets_pass

INSTANCE, GROUP = "aws:rds/instance:Instance", "aws:rds/parameterGroup:ParameterGroup"
CLUSTER = "aws:eks/cluster:Cluster"
STAGE, HTTP_STAGE = "aws:apigateway/stage:Stage", "aws:apigatewayv2/stage:Stage"
BALANCER = "aws:lb/loadBalancer:LoadBalancer"
ACL, ACL_LOG = "aws:wafv2/webAcl:WebAcl", "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"
CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
USERS_LOG = "aws:cognito/logDeliveryConfiguration:LogDeliveryConfiguration"
PRIMARY, REPLICA, PARAMETERS = "database-primary", "database-replica-a", "database-parameters"


def parameter(name: str, value: Any) -> Callable[[Draft], None]:
    """Return a change that gives a parameter of the databases another value, or takes it away."""

    def change(draft: Draft) -> None:
        group = draft.one(GROUP, PARAMETERS).properties
        kept = [each for each in group["parameters"] if each["name"] != name]
        assert len(kept) < len(group["parameters"]), name
        group["parameters"] = kept if value is None else [*kept, {"name": name, "value": value}]

    return change


def mysql(draft: Draft) -> None:
    draft.add(INSTANCE, "other", {"engine": "mysql"})


def without_log(kind: str) -> Callable[[Draft], None]:
    """Return a change that leaves one of the cluster's logs out."""
    return lambda draft: draft.one(CLUSTER).properties["enabledClusterLogTypes"].remove(kind)


def of_cache(kind: Any) -> Callable[[Draft], None]:
    return lambda draft: draft.one(CACHE).set("logDeliveryConfigurations", [{"logType": kind}])


CAUGHT = [
    Mutation("the database keeps its log to itself", lambda draft: draft.one(INSTANCE, PRIMARY).drop("enabledCloudwatchLogsExports")),
    Mutation(
        "a replica tells of upgrades alone", lambda draft: draft.one(INSTANCE, REPLICA).set("enabledCloudwatchLogsExports", ["upgrade"])
    ),
    Mutation(
        "the database has parameters of nobody", lambda draft: draft.one(INSTANCE, PRIMARY).set("parameterGroupName", "default.postgres17")
    ),
    Mutation("pgaudit is not loaded", parameter("shared_preload_libraries", "pg_stat_statements")),
    Mutation("pgaudit is loaded and looks at reads alone", parameter("pgaudit.log", "read")),
    Mutation("pgaudit leaves rights out", parameter("pgaudit.log", "ddl")),
    Mutation("pgaudit is told nothing", parameter("pgaudit.log", None)),
    Mutation("who connects is not written down", parameter("log_connections", "0")),
    Mutation("the cluster writes nothing", lambda draft: draft.one(CLUSTER).drop("enabledClusterLogTypes")),
    Mutation("an API has no access log", lambda draft: draft.one(STAGE).drop("accessLogSettings")),
    Mutation("an HTTP API has no access log", lambda draft: draft.add(HTTP_STAGE, "more", {"name": "$default"})),
    Mutation("a balancer's log is off", lambda draft: draft.one(BALANCER).set("accessLogs.enabled", False)),
    Mutation("a balancer's log goes nowhere", lambda draft: draft.one(BALANCER).drop("accessLogs.bucket")),
    Mutation("a web ACL writes nothing", lambda draft: draft.remove(ACL_LOG)),
    Mutation("a web ACL is new", lambda draft: draft.add(ACL, "more", {"arn": "arn:of-it", "scope": "REGIONAL"})),
    Mutation("a cache writes nothing", lambda draft: draft.one(CACHE).drop("logDeliveryConfigurations")),
    Mutation("who signs in is not written down", lambda draft: draft.remove(USERS_LOG)),
    *(
        Mutation(f"the cluster leaves {kind} out", without_log(kind))
        for kind in ("api", "audit", "authenticator", "controllerManager", "scheduler")
    ),
    *(Mutation(f"a cache writes its {kind} alone", of_cache(kind)) for kind in ("slow-log", "engine-log")),
    Mutation("pgaudit leaves the schema out", parameter("pgaudit.log", "role")),
]
SPARED = [
    *(Mutation(f"who connects is written down as {value}", parameter("log_connections", value)) for value in ("on", "all")),
    Mutation("pgaudit writes everything", parameter("pgaudit.log", "ALL")),
    Mutation("a database of another engine has other logs", mysql),
    Mutation("an access log is not known yet", lambda draft: draft.one(STAGE).set("accessLogSettings.destinationArn", UNKNOWN)),
    Mutation(
        "an HTTP API has a log", lambda draft: draft.add(HTTP_STAGE, "more", {"accessLogSettings": {"destinationArn": "arn:of-a-group"}})
    ),
]
OPEN = [
    Mutation("what pgaudit writes is not known yet", parameter("pgaudit.log", UNKNOWN)),
    Mutation("a cache's kind of log is not known yet", of_cache(UNKNOWN)),
    Mutation("the cluster's logs are not known yet", lambda draft: draft.one(CLUSTER).set("enabledClusterLogTypes", UNKNOWN)),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("LOG-03", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("LOG-03", mutation)


@pytest.mark.parametrize("mutation", OPEN, ids=str)
def test_what_depends_on_an_unknown_is_left_open(mutation: Mutation) -> None:
    leaves_open("LOG-03", mutation)
