"""Objects are copied to every destination, by a role that can do that and nothing else."""

import json
from dataclasses import replace

import pytest

from components.data.bucket_replication import BucketReplication, BucketReplicationArgs, ReplicaBucket
from config.vocabulary import Region
from tests.kit.contexts import ACCOUNT, a_context
from tests.kit.policy_judge import Request, allowed
from tests.kit.recorder import Graph, record

RULES = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
HERE = a_context(Region.EU_WEST_1)
SOURCE = "morefocus-prod-euw1-backups"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/personal"
TOPIC = f"arn:aws:sns:eu-west-1:{ACCOUNT}:morefocus-prod-euw1-alerts"


def replica(region: str) -> ReplicaBucket:
    name = HERE.copy_in(Region(region)).physical("backups")
    return ReplicaBucket(
        rule=region, region=region, name=name, arn=f"arn:aws:s3:::{name}", key_arn=f"arn:aws:kms:{region}:{ACCOUNT}:key/personal"
    )


FRANKFURT, SAO_PAULO = replica("eu-central-1"), replica("sa-east-1")
ARGS = BucketReplicationArgs(
    bucket="backups",
    bucket_name=SOURCE,
    key_arn=KEY,
    destinations=[FRANKFURT, SAO_PAULO],
    alert_topic_arn=TOPIC,
    locked=True,
)


def built(args: BucketReplicationArgs = ARGS) -> Graph:
    return record(lambda: BucketReplication("backups-replication", HERE, args))


@pytest.fixture(scope="module")
def graph() -> Graph:
    return built()


@pytest.fixture(scope="module")
def policy(graph: Graph) -> str:
    return str(graph.one("aws:iam/rolePolicy:RolePolicy").inputs["policy"])


def may(policy: str, action: str, resource: str, context: dict[str, str]) -> bool:
    role = f"arn:aws:iam::{ACCOUNT}:role/replication"
    return allowed(policy, Request(action=action, resource=resource, principal=role, context=context))


def test_everything_new_goes_to_every_destination_under_its_key(graph: Graph) -> None:
    found = graph.one(RULES).inputs
    assert found["bucket"] == SOURCE
    for rule, destination in zip(found["rules"], (FRANKFURT, SAO_PAULO), strict=True):
        assert (rule["id"], rule["status"], rule["filter"]) == (destination.rule, "Enabled", {"prefix": ""})
        assert rule["destination"]["bucket"] == destination.arn
        assert rule["destination"]["encryptionConfiguration"] == {"replicaKmsKeyId": destination.key_arn}
        assert rule["sourceSelectionCriteria"] == {"sseKmsEncryptedObjects": {"status": "Enabled"}}
        assert rule["deleteMarkerReplication"] == {"status": "Enabled"}
    assert len({rule["priority"] for rule in found["rules"]}) == 2


def test_copies_are_there_within_what_may_be_lost(graph: Graph) -> None:
    times = [rule["destination"]["replicationTime"] for rule in graph.one(RULES).inputs["rules"]]
    assert times == [{"status": "Enabled", "time": {"minutes": 15}}] * 2


def test_without_the_agreed_time_failures_are_still_measured() -> None:
    [rule, _] = built(replace(ARGS, timed=False)).one(RULES).inputs["rules"]
    assert "replicationTime" not in rule["destination"]
    assert rule["destination"]["metrics"] == {"status": "Enabled"}


def via(region: str, bucket: str) -> dict[str, str]:
    return {"kms:ViaService": f"s3.{region}.amazonaws.com", "kms:EncryptionContext:aws:s3:arn": f"arn:aws:s3:::{bucket}"}


@pytest.mark.parametrize(
    ("action", "resource", "context", "expected"),
    [
        ("s3:GetObjectVersionForReplication", f"arn:aws:s3:::{SOURCE}/a", {}, True),
        ("s3:GetObjectRetention", f"arn:aws:s3:::{SOURCE}/a", {}, True),
        ("s3:ReplicateObject", f"{FRANKFURT.arn}/a", {}, True),
        ("s3:ReplicateObject", f"arn:aws:s3:::{SOURCE}/a", {}, False),
        ("s3:DeleteObjectVersion", f"{FRANKFURT.arn}/a", {}, False),
        ("s3:GetObject", f"arn:aws:s3:::{SOURCE}/a", {}, False),
        ("s3:ReplicateObject", "arn:aws:s3:::another/a", {}, False),
        ("kms:Decrypt", KEY, via("eu-west-1", SOURCE), True),
        ("kms:Decrypt", KEY, via("eu-west-1", "another"), False),
        ("kms:Decrypt", KEY, {}, False),
        ("kms:Encrypt", FRANKFURT.key_arn, via("eu-central-1", FRANKFURT.arn.rpartition(":")[2]), True),
        ("kms:Encrypt", FRANKFURT.key_arn, via("sa-east-1", FRANKFURT.arn.rpartition(":")[2]), False),
        ("kms:Decrypt", FRANKFURT.key_arn, via("eu-central-1", FRANKFURT.arn.rpartition(":")[2]), False),
    ],
)
def test_the_role_reads_the_source_and_writes_copies_and_no_more(
    policy: str, action: str, resource: str, context: dict[str, str], expected: bool
) -> None:
    assert may(policy, action, resource, context) is expected


def test_only_s3_takes_the_role_on(graph: Graph) -> None:
    [statement] = json.loads(graph.one("aws:iam/role:Role").inputs["assumeRolePolicy"])["Statement"]
    assert statement["Principal"] == {"Service": "s3.amazonaws.com"}


def test_a_bucket_without_a_lock_needs_no_right_to_read_one() -> None:
    open_policy = built(replace(ARGS, locked=False)).one("aws:iam/rolePolicy:RolePolicy").inputs["policy"]
    assert not may(open_policy, "s3:GetObjectRetention", f"arn:aws:s3:::{SOURCE}/a", {})


def test_an_operation_that_fails_anywhere_is_told(graph: Graph) -> None:
    alarm = graph.one("aws:cloudwatch/metricAlarm:MetricAlarm").inputs
    total, *counts = alarm["metricQueries"]
    assert total["expression"] == "SUM([failed0, failed1])" and total["returnData"] is True
    assert [count["metric"]["metricName"] for count in counts] == ["OperationsFailedReplication"] * 2
    assert [count["metric"]["dimensions"]["RuleId"] for count in counts] == ["eu-central-1", "sa-east-1"]
    assert alarm["alarmActions"] == [TOPIC]


@pytest.mark.parametrize("destinations", [[], [FRANKFURT, FRANKFURT]])
def test_destinations_are_some_and_differ(destinations: list[ReplicaBucket]) -> None:
    with pytest.raises(ValueError, match="destinations must be one or more"):
        replace(ARGS, destinations=destinations)
