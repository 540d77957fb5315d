import json
from dataclasses import replace
from typing import Any

import pytest

from components.data.queue_cache import QueueCache, QueueCacheArgs
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, computed_outputs, record

GROUP = "aws:elasticache/replicationGroup:ReplicationGroup"
ARGS = QueueCacheArgs(
    vpc_id="vpc-1",
    subnet_ids=["subnet-a", "subnet-b", "subnet-c"],
    client_security_group_ids={"nodes": "sg-nodes"},
    key_arn="arn:aws:kms:us-east-1:123456789012:key/personal",
    credentials_key_arn="arn:aws:kms:us-east-1:123456789012:key/credentials",
    log_key_arn="arn:aws:kms:us-east-1:123456789012:key/logs",
)


def _answers(type_: str, name: str, inputs: dict[str, Any]) -> dict[str, Any]:
    answers = computed_outputs(type_, name, inputs)
    return {**answers, "primaryEndpointAddress": "master.queue.internal"} if type_ == GROUP else answers


def _graph(args: QueueCacheArgs = ARGS) -> Graph:
    return record(lambda: QueueCache("queue-redis", a_context(), args), computed=_answers)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return _graph()


def test_all_keys_stand_in_one_piece(graph: Graph) -> None:
    group = graph.one(GROUP).inputs
    assert group["clusterMode"] == "disabled"
    assert "numNodeGroups" not in group and "replicasPerNodeGroup" not in group
    assert not [each for each in _parameters(graph) if each["name"] == "cluster-enabled"]


def test_nothing_is_ever_evicted(graph: Graph) -> None:
    assert {"name": "maxmemory-policy", "value": "noeviction"} in _parameters(graph)


def test_a_replica_in_another_zone_takes_over(graph: Graph) -> None:
    group = graph.one(GROUP).inputs
    assert (group["numCacheClusters"], group["automaticFailoverEnabled"], group["multiAzEnabled"]) == (2, True, True)
    assert _graph(replace(ARGS, replicas=2)).one(GROUP).inputs["numCacheClusters"] == 3


def test_it_is_encrypted_and_asks_for_the_password_that_the_secret_holds(graph: Graph) -> None:
    group = graph.one(GROUP).inputs
    held = json.loads(graph.one("aws:secretsmanager/secretVersion:SecretVersion").inputs["secretString"])
    assert (group["transitEncryptionEnabled"], group["transitEncryptionMode"]) == (True, "required")
    assert (group["atRestEncryptionEnabled"], group["kmsKeyId"]) == (True, ARGS.key_arn)
    assert group["authToken"] == held["password"]
    # What Redis takes: 16 to 128 printable characters without @, " and /.
    assert len(held["password"]) == 40 and held["password"].isalnum()


def test_a_rotated_password_is_not_undone(graph: Graph) -> None:
    assert graph.one("aws:secretsmanager/secretVersion:SecretVersion").ignore_changes == ("secretString",)
    assert graph.one(GROUP).inputs["authTokenUpdateStrategy"] == "ROTATE"


def test_its_secret_has_the_name_of_its_row(graph: Graph) -> None:
    assert graph.one("aws:secretsmanager/secret:Secret").inputs["name"] == "morefocus-prod-use1-queue-redis"


def test_only_nodes_reach_it(graph: Graph) -> None:
    (rule,) = graph.of_type("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    assert (rule.inputs["fromPort"], rule.inputs["referencedSecurityGroupId"]) == (6379, "sg-nodes")


def test_it_publishes_the_address_that_stays(graph: Graph) -> None:
    (component,) = graph.of_type("morefocus:data:QueueCache")
    assert graph.outputs_of(component)["endpoint"] == "master.queue.internal"


def test_what_holds_data_refuses_to_be_deleted_unless_it_may() -> None:
    assert _graph().one(GROUP).protect is True
    loose = _graph(replace(ARGS, protect=False)).one(GROUP)
    assert loose.protect is False and "finalSnapshotIdentifier" not in loose.inputs


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"engine_version": "6.2"}, "engine_version must be Redis 7.0 or 7.1"),
        ({"replicas": 0}, "replicas must be 1 to 5"),
        ({"snapshot_days": 36}, "snapshot_days must be 1 to 35"),
        ({"log_retention_days": 8}, "log_retention_days"),
    ],
)
def test_what_elasticache_would_refuse_is_refused_first(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        replace(ARGS, **changes)


def _parameters(graph: Graph) -> list[dict[str, str]]:
    found: list[dict[str, str]] = graph.one("aws:elasticache/parameterGroup:ParameterGroup").inputs["parameters"]
    return found
