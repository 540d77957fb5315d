"""Each region's data lives in the regions its decisions name: a standby, the database's backups and the buckets' objects."""

from collections.abc import Iterator

import pytest

from config.errors import ConfigError
from config.load import load
from config.vocabulary import Region
from tests.kit.composed import composed, shipped_graph
from tests.kit.plans import STACKS
from tests.kit.recorder import Graph, Recorded
from tests.stacks.test_copies import COPIES, without

INSTANCE = "aws:rds/instance:Instance"
BACKUPS = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"
REPLICATION = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"
EVERYWHERE = {"aws:iam/role:Role", "aws:iam/rolePolicyAttachment:RolePolicyAttachment"}
"""What stands in no region."""
PRODUCTION = ("us-east-1", "eu-west-1", "sa-east-1")
every_region = pytest.mark.parametrize("name", PRODUCTION)


def region_of(name: str, resource: Recorded) -> str:
    """Where a stack's resource stands: the region it is given, or the stack's own."""
    return str(resource.inputs.get("region", name))


def standbys() -> Iterator[tuple[str, Recorded]]:
    for name in STACKS:
        for each in shipped_graph(name).of_type(INSTANCE):
            if each.name.endswith("standby-replica"):
                yield name, each


def test_the_later_stack_of_each_pair_makes_its_standby_and_staging_has_none() -> None:
    assert sorted((name, each.name, region_of(name, each)) for name, each in standbys()) == [
        ("eu-west-1", "standby-replica", "eu-west-1"),
        ("sa-east-1", "euw1-standby-replica", "eu-west-1"),
        ("sa-east-1", "standby-replica", "sa-east-1"),
    ]


def test_each_standby_says_whose_it_is_and_carries_the_law_of_its_data() -> None:
    assert {each.inputs["identifier"]: each.inputs["tags"]["jurisdiction"] for _, each in standbys()} == {
        "morefocus-prod-use1-euw1-standby": "none",
        "morefocus-prod-euw1-sae1-standby": "gdpr",
        "morefocus-prod-sae1-euw1-standby": "lgpd",
    }


def test_each_standby_is_encrypted_by_a_key_of_the_region_it_stands_in() -> None:
    for name, each in standbys():
        key = shipped_graph(name).named(each.inputs["kmsKeyId"].rpartition(":")[2])
        assert region_of(name, key) == region_of(name, each)
        assert key.inputs["tags"]["data-class"] == "personal"


def test_each_standby_tells_those_who_watch_its_region() -> None:
    alarms = [
        (name, each)
        for name in PRODUCTION
        for each in shipped_graph(name).of_type("aws:cloudwatch/metricAlarm:MetricAlarm")
        if each.inputs.get("metricName") == "ReplicaLag"
    ]
    assert len(alarms) == 3
    assert all(each.inputs["alarmActions"] and each.inputs["threshold"] < 900 for _, each in alarms)


@every_region
def test_objects_of_both_buckets_go_to_every_region_of_the_copies(name: str) -> None:
    graph = shipped_graph(name)
    wanted = {region for region, classes in COPIES[name].items() if "personal" in classes}
    for bucket in ("files", "backups"):
        rules = graph.one(REPLICATION, f"{bucket}-replication-rules").inputs["rules"]
        assert {rule["id"] for rule in rules} == wanted
        for rule in rules:
            copy = graph.named(f"{Region(rule['id']).code}-{bucket}-bucket")
            assert region_of(name, copy) == rule["id"]
            assert rule["destination"]["bucket"] == f"arn:aws:s3:::{copy.inputs['bucket']}"


@every_region
def test_a_copy_is_locked_as_long_as_its_source(name: str) -> None:
    graph = shipped_graph(name)
    locks = {lock.name: lock.inputs["rule"]["defaultRetention"] for lock in graph.of_type(LOCK)}
    copies = [lock for lock in locks if lock.endswith("-backups-lock")]
    assert len(copies) == 2
    assert all(locks[copy] == locks["backups-lock"] for copy in copies)


@every_region
def test_replication_begins_only_when_both_buckets_keep_versions(name: str) -> None:
    graph = shipped_graph(name)
    for bucket in ("files", "backups"):
        needed = set(graph.one(REPLICATION, f"{bucket}-replication-rules").depends_on)
        assert graph.named(f"{bucket}-versioning").urn in needed


@pytest.mark.parametrize(("name", "region"), [("us-east-1", "us-west-2"), ("eu-west-1", "eu-central-1")])
def test_the_databases_own_backups_are_kept_thirty_days_in_a_second_region(name: str, region: str) -> None:
    graph = shipped_graph(name)
    found = graph.one(BACKUPS)
    assert region_of(name, found) == region
    assert found.inputs["retentionPeriod"] == 30
    assert found.inputs["sourceDbInstanceArn"] == f"arn:aws:rds:{name}:123456789012:database-primary"


@pytest.mark.parametrize("name", ["sa-east-1", "staging"])
def test_no_backups_are_replicated_where_the_file_names_no_region(name: str) -> None:
    assert not shipped_graph(name).of_type(BACKUPS)


def test_staging_copies_nothing() -> None:
    assert not shipped_graph("staging").of_type(REPLICATION)


@pytest.mark.parametrize("name", STACKS)
def test_a_name_that_begins_with_a_region_stands_there(name: str) -> None:
    codes = {Region(region).code: region for region in COPIES[name]}
    wrong = {
        each.name: region_of(name, each)
        for each in shipped_graph(name).resources
        if each.type.startswith("aws:")
        and each.type not in EVERYWHERE
        and (home := codes.get(each.name.split("-")[0])) is not None
        and region_of(name, each) != home
    }
    assert not wrong


@pytest.mark.parametrize("name", STACKS)
def test_what_stands_elsewhere_has_a_name_that_begins_with_its_region(name: str) -> None:
    home = load(name).plan.region
    wrong = [
        each.name
        for each in shipped_graph(name).resources
        if each.custom and (there := region_of(name, each)) not in {name, home} and not each.name.startswith(f"{Region(there).code}-")
    ]
    assert not wrong


@pytest.mark.parametrize("destination", ["eu-central-1", "sa-east-1"])
def test_a_copy_without_a_row_ends_the_preview_and_names_the_row_to_write(destination: str) -> None:
    settings = without(load("eu-west-1"), "personal", destination)
    with pytest.raises(ConfigError) as error:
        composed(settings, preview=True)
    assert f"- {{data: personal, from: eu-west-1, to: {destination}, mechanism: " in str(error.value)


def production() -> list[Graph]:
    return [shipped_graph(name) for name in PRODUCTION]


def test_no_copy_can_be_deleted_by_mistake() -> None:
    for graph in production():
        stores = [each for each in graph.resources if each.type in {INSTANCE, "aws:s3/bucket:Bucket", "aws:kms/key:Key"}]
        assert not [each.name for each in stores if not each.protect]


def test_databases_end_with_a_final_snapshot_and_refuse_to_be_deleted() -> None:
    for graph in production():
        for each in graph.of_type(INSTANCE):
            assert each.inputs["deletionProtection"] is True
            follows = "replicateSourceDb" in each.inputs
            assert follows or (each.inputs["skipFinalSnapshot"] is False and each.inputs["finalSnapshotIdentifier"])
