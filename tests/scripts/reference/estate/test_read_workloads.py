"""Clusters, stores and keys are told with the sizes that the config gives them."""

import pytest

from config.load import load
from scripts.reference.estate.read_workloads import read_buckets, read_databases, read_keys, read_standbys
from tests.scripts.reference.shipped import NAMES, graph_of, resource, shipped_stack

KEY = resource("aws:kms/key:Key", "key", tags={"data-class": "personal"})


@pytest.mark.parametrize("name", NAMES)
def test_a_clusters_pools_add_up_to_the_configs(name: str) -> None:
    plan, (cluster,) = load(name).plan.cluster, shipped_stack(name).clusters
    assert (cluster.version, cluster.public, cluster.key) == (plan.version, bool(plan.public_access_cidrs), "credentials")
    pools = {pool.name: pool for pool in cluster.pools}
    assert set(pools) == {"standard", "intensive"}
    for wanted, pool in ((plan.standard, pools["standard"]), (plan.intensive, pools["intensive"])):
        groups = [group for group in (pool.on_demand, pool.spot) if group]
        assert pool.type == wanted.instance_type
        assert sum(group.minimum for group in groups) == wanted.min
        assert sum(group.desired for group in groups) == wanted.desired
        assert sum(group.maximum for group in groups) == wanted.max


@pytest.mark.parametrize("name", NAMES)
def test_a_database_has_the_configs_class_storage_and_replicas(name: str) -> None:
    plan, (database,) = load(name).plan.database, shipped_stack(name).databases
    assert (database.version, database.instance_class, database.multi_az) == (plan.version, plan.instance_class, plan.multi_az)
    assert (database.storage_gb, database.max_storage_gb, database.backup_days) == (plan.storage_gb, plan.max_storage_gb, plan.backup_days)
    assert [replica.zone for replica in database.replicas] == list(load(name).plan.network.zones[: plan.replicas])
    assert {replica.instance_class for replica in database.replicas} <= {plan.instance_class}


@pytest.mark.parametrize("name", NAMES)
def test_a_cache_and_a_file_system_have_the_configs_shape(name: str) -> None:
    plan, stack = load(name).plan, shipped_stack(name)
    (files,) = stack.file_systems
    of_queue = {"queue" in each.name: each for each in stack.caches}
    cache, queue = of_queue[False], of_queue[True]
    assert (cache.version, cache.node_type) == (plan.cache.version, plan.cache.node_type)
    assert (cache.shards, cache.replicas_per_shard) == (plan.cache.shards, plan.cache.replicas_per_shard)
    planned = plan.platform.automation.queue
    assert (queue.node_type, queue.shards, queue.replicas_per_shard) == (planned.node_type, 1, planned.replicas)
    assert files.zones == plan.network.zones


@pytest.mark.parametrize("name", NAMES)
def test_buckets_are_told_with_key_and_lock(name: str) -> None:
    buckets = {bucket.name: bucket for bucket in shipped_stack(name).buckets}
    assert (buckets["files"].key, buckets["files"].lock_mode, buckets["files"].versioned) == ("personal", None, True)
    assert (buckets["backups"].lock_mode, buckets["backups"].lock_days) == ("GOVERNANCE", load(name).plan.database.backup_days)
    assert (buckets["logs"].key, buckets["logs"].holds) == (None, "logs")


def test_an_instance_that_copies_another_regions_database_is_a_standby() -> None:
    primary = {
        "engine": "postgres",
        "engineVersion": "17",
        "instanceClass": "db.r5.large",
        "multiAz": False,
        "allocatedStorage": 20,
        "maxAllocatedStorage": 40,
        "storageType": "gp3",
        "backupRetentionPeriod": 1,
        "kmsKeyId": "arn:key",
    }
    graph = graph_of(
        KEY,
        resource("aws:rds/instance:Instance", "own", identifier="own", **primary),
        resource("aws:rds/instance:Instance", "from-afar", identifier="from-afar", replicateSourceDb="arn:aws:rds:elsewhere", **primary),
        resource(
            "aws:rds/instance:Instance",
            "copy",
            identifier="copy",
            replicateSourceDb="own",
            availabilityZone="x-1a",
            instanceClass="db.r5.large",
        ),
    )
    found = {database.name: database.replicas for database in read_databases(graph, read_keys(graph))}
    assert set(found) == {"own"} and [replica.name for replica in found["own"]] == ["copy"]
    assert [(each.name, each.key) for each in read_standbys(graph, read_keys(graph))] == [("from-afar", "personal")]


def test_a_bucket_without_versions_and_lock_is_told_so() -> None:
    rules = [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}]
    graph = graph_of(
        resource("aws:s3/bucket:Bucket", "plain", bucket="plain", tags={"data-class": "public"}),
        resource(
            "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", "e", bucket="plain", rules=rules
        ),
    )
    (bucket,) = read_buckets(graph, {})
    assert (bucket.key, bucket.versioned, bucket.lock_mode) == (None, False, None)


def test_each_class_of_data_has_its_key_by_arn() -> None:
    assert read_keys(graph_of(KEY)) == {"arn:key": "personal"}
