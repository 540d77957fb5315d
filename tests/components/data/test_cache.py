from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from components.data.cache import Cache, CacheArgs
from tests.kit.contexts import ACCOUNT, a_context
from tests.kit.engine_facts import engine_facts, offered
from tests.kit.recorder import Graph, computed_outputs, record

GROUP = "aws:elasticache/replicationGroup:ReplicationGroup"
USER = "aws:elasticache/user:User"

ARGS = CacheArgs(
    vpc_id="vpc-1",
    subnet_ids=["subnet-a", "subnet-b", "subnet-c"],
    client_security_group_ids={"nodes": "sg-nodes"},
    key_arn="arn:aws:kms:us-east-1:123456789012:key/personal",
    log_key_arn="arn:aws:kms:us-east-1:123456789012:key/logs",
)


def _answers(type_: str, name: str, inputs: dict[str, Any]) -> dict[str, Any]:
    answers = computed_outputs(type_, name, inputs)
    if type_ == GROUP:
        answers["configurationEndpointAddress"] = "clustercfg.cache.internal"
    if type_ == USER:
        answers["arn"] = f"arn:aws:elasticache:us-east-1:{ACCOUNT}:user:{inputs['userId']}"
    return answers


def _graph(args: CacheArgs = ARGS, *, name: str = "cache") -> Graph:
    return record(lambda: Cache(name, a_context(), args), computed=_answers)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return _graph()


def _cluster(graph: Graph) -> dict[str, Any]:
    return graph.one(GROUP).inputs


def test_three_shards_each_with_a_replica_to_fail_over_to(graph: Graph) -> None:
    cluster = _cluster(graph)
    assert (cluster["numNodeGroups"], cluster["replicasPerNodeGroup"]) == (3, 1)
    assert cluster["nodeType"] == "cache.r5.large"
    assert cluster["clusterMode"] == "enabled"
    assert cluster["automaticFailoverEnabled"] is True
    assert cluster["multiAzEnabled"] is True


def test_it_is_redis_with_the_parameters_of_its_family(graph: Graph) -> None:
    parameters = graph.one("aws:elasticache/parameterGroup:ParameterGroup").inputs
    assert (_cluster(graph)["engine"], _cluster(graph)["engineVersion"]) == ("redis", "7.1")
    assert _cluster(graph)["parameterGroupName"] == parameters["name"]
    assert parameters["family"] == "redis7"
    assert {"name": "cluster-enabled", "value": "yes"} in parameters["parameters"]


def test_it_is_encrypted_at_rest_and_refuses_plaintext(graph: Graph) -> None:
    cluster = _cluster(graph)
    assert cluster["atRestEncryptionEnabled"] is True
    assert cluster["kmsKeyId"] == ARGS.key_arn
    assert cluster["transitEncryptionEnabled"] is True
    assert cluster["transitEncryptionMode"] == "required"


def test_every_user_that_can_log_in_is_an_iam_identity(graph: Graph) -> None:
    users = {user.inputs["userName"]: user.inputs for user in graph.of_type(USER)}
    disabled = users.pop("default")
    assert users.keys() == {"morefocus-prod-use1-cache-app"}
    for name, user in users.items():
        assert user["authenticationMode"] == {"type": "iam"}
        assert user["userId"] == name
        assert not user.keys() & {"passwords", "passwordsWo", "noPasswordRequired"}
    assert disabled["accessString"].split() == ["off", "~*", "-@all"]
    assert disabled["userId"] != "default"


def test_the_group_holds_the_disabled_default_in_place_of_the_open_one(graph: Graph) -> None:
    group = graph.one("aws:elasticache/userGroup:UserGroup").inputs
    assert sorted(group["userIds"]) == ["morefocus-prod-use1-cache-app", "morefocus-prod-use1-cache-default"]
    assert _cluster(graph)["userGroupIds"] == [group["userGroupId"]]
    assert "authToken" not in _cluster(graph)


def test_applications_can_neither_administer_nor_empty_it(graph: Graph) -> None:
    user = next(user.inputs for user in graph.of_type(USER) if user.inputs["userName"] != "default")
    words = user["accessString"].split()
    assert words[0] == "on"
    assert words.index("+@all") < words.index("-@admin")
    assert words.index("+@all") < words.index("-@dangerous")


def test_only_the_named_clients_reach_6379(graph: Graph) -> None:
    (rule,) = graph.of_type("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    assert (rule.inputs["referencedSecurityGroupId"], rule.inputs["fromPort"], rule.inputs["toPort"]) == ("sg-nodes", 6379, 6379)
    assert _cluster(graph)["securityGroupIds"] == ["cache-access-id"]
    assert _cluster(graph)["port"] == 6379


def test_both_logs_go_to_encrypted_groups(graph: Graph) -> None:
    groups = {group.inputs["name"]: group.inputs for group in graph.of_type("aws:cloudwatch/logGroup:LogGroup")}
    deliveries = {each["logType"]: each for each in _cluster(graph)["logDeliveryConfigurations"]}
    assert deliveries.keys() == {"engine-log", "slow-log"}
    for delivery in deliveries.values():
        assert (delivery["destinationType"], delivery["logFormat"]) == ("cloudwatch-logs", "json")
        assert groups[delivery["destination"]]["kmsKeyId"] == ARGS.log_key_arn
        assert groups[delivery["destination"]]["retentionInDays"] == 365


def test_snapshots_are_kept_and_the_last_one_too_when_protected(graph: Graph) -> None:
    assert _cluster(graph)["snapshotRetentionLimit"] == 7
    assert _cluster(graph)["finalSnapshotIdentifier"] == "morefocus-prod-use1-cache-final"
    assert graph.one(GROUP).protect
    bare = _graph(replace(ARGS, protect=False)).one(GROUP)
    assert "finalSnapshotIdentifier" not in bare.inputs
    assert not bare.protect


def test_it_publishes_where_to_connect_and_what_an_iam_policy_names(graph: Graph) -> None:
    published = graph.outputs_of(graph.one("morefocus:data:Cache"))
    assert published["endpoint"] == "clustercfg.cache.internal"
    assert published["port"] == 6379
    assert published["user_arns"] == {"app": f"arn:aws:elasticache:us-east-1:{ACCOUNT}:user:morefocus-prod-use1-cache-app"}
    assert published["user_names"] == {"app": "morefocus-prod-use1-cache-app"}


def test_long_names_still_differ_within_the_limit_of_ids() -> None:
    users = {"workflow-cache-of-the-platform": "on ~* +@read", "workflow-cache-of-the-tenants": "on ~* +@read"}
    graph = _graph(replace(ARGS, users=users), name="sessions-and-limits")
    ids = [user.inputs["userId"] for user in graph.of_type(USER)]
    assert len(set(ids)) == 3
    assert all(len(each) <= 40 for each in [*ids, _cluster(graph)["replicationGroupId"]])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda args: replace(args, engine_version="6.2"), r"engine_version must be Redis 7.0 or 7.1.*\(got '6.2'\)"),
        (lambda args: replace(args, shards=0), r"shards must be 1 to 500 \(got 0\)"),
        (lambda args: replace(args, replicas_per_shard=0), r"replicas_per_shard must be 1 to 5.*\(got 0\)"),
        (lambda args: replace(args, snapshot_days=0), r"snapshot_days must be 1 to 35 \(got 0\)"),
        (lambda args: replace(args, users={}), r"users must be at least one name.*\(got none\)"),
        (lambda args: replace(args, users={"default": "on ~* +@all"}), "never 'default', which is disabled"),
        (lambda args: replace(args, users={"App": "on ~* +@all"}), r"lower-case words.*\(got App\)"),
        (lambda args: replace(args, snapshot_window="05:30-06:30"), "meet; move one of them"),
        (lambda args: replace(args, snapshot_window="02:00-02:30"), "lasts 30 minutes; AWS asks for at least 60"),
        (lambda args: replace(args, log_retention_days=2), "log_retention_days must be one of"),
    ],
)
def test_what_elasticache_would_refuse_is_refused_at_once(change: Callable[[CacheArgs], CacheArgs], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        change(ARGS)


def test_the_engine_version_is_one_elasticache_creates() -> None:
    assert ARGS.engine_version in offered(engine_facts("aws_elasticache_cachecluster/engine_version.json"), "redis", "EngineVersion")


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1", "sa-east-1"])
def test_the_documented_node_is_offered_in_each_region(region: str) -> None:
    assert ARGS.node_type in engine_facts("aws_elasticache_cachecluster/cachenodetype_enum.json")[region]["enum"]
