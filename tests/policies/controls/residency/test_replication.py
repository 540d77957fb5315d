"""Copies that nobody has a ground for."""

from typing import Any

import pytest

from config.transfers import TransferRegister
from policies.catalogue import catalogue
from policies.controls.residency import _register
from policies.values import UNKNOWN
from policies.verdict import Verdict
from tests.kit.policies import Draft, Mutation, catches, lets_pass, lone, resource

BUCKET, COPIES = "aws:s3/bucket:Bucket", "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
TABLE, REPLICA, GLOBAL_TABLE = "aws:dynamodb/table:Table", "aws:dynamodb/tableReplica:TableReplica", "aws:dynamodb/globalTable:GlobalTable"
INSTANCE, CLUSTER, GLOBAL_CLUSTER = "aws:rds/instance:Instance", "aws:rds/cluster:Cluster", "aws:rds/globalCluster:GlobalCluster"
BACKUPS = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"
SNAPSHOT, CLUSTER_SNAPSHOT = "aws:rds/snapshotCopy:SnapshotCopy", "aws:rds/clusterSnapshotCopy:ClusterSnapshotCopy"
CACHE, GLOBAL_CACHE = "aws:elasticache/replicationGroup:ReplicationGroup", "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup"
IMAGES, SECRET, KEY_COPY = (
    "aws:ecr/replicationConfiguration:ReplicationConfiguration",
    "aws:secretsmanager/secret:Secret",
    "aws:kms/replicaKey:ReplicaKey",
)
PLAN, VAULT = "aws:backup/plan:Plan", "aws:backup/vault:Vault"
FILE_COPY = "aws:efs/replicationConfiguration:ReplicationConfiguration"
PERSONAL = {"data-class": "personal"}
FAR = "arn:aws:rds:us-east-1:123456789012:db:main"
NEAR = "arn:aws:rds:sa-east-1:123456789012:db:main"
HERE: dict[str, Any] = {"provider_region": "eu-west-1"}
THERE: dict[str, Any] = {"region": "us-east-1", "tags": PERSONAL}


def moved(type_: str, name: str, region: str = "us-east-1") -> Any:
    return lambda draft: draft.one(type_, name).set("region", region)


def inline(region: str) -> Any:
    def change(draft: Draft) -> None:
        draft.add(BUCKET, "far", {"bucket": "far", "region": region, "tags": PERSONAL}, **HERE)
        rules = {"rules": [{"destination": {"bucket": "arn:aws:s3:::far"}}]}
        draft.add(BUCKET, "near", {"bucket": "near", "tags": PERSONAL, "replicationConfiguration": rules}, **HERE)

    return change


def added(type_: str, properties: dict[str, Any]) -> Any:
    return lambda draft: draft.add(type_, "another", properties, **HERE)


def legacy_global_table(region: str) -> Any:
    def change(draft: Draft) -> None:
        draft.add(TABLE, "old", {"name": "old", "tags": PERSONAL}, **HERE)
        draft.add(GLOBAL_TABLE, "old", {"name": "old", "replicas": [{"regionName": "eu-west-1"}, {"regionName": region}]}, **HERE)

    return change


def global_database(region: str, **more: Any) -> Any:
    def change(draft: Draft) -> None:
        draft.add(GLOBAL_CLUSTER, "world", {"id": "world", **more}, **HERE)
        draft.add(CLUSTER, "member", {"globalClusterIdentifier": "world", "region": region, "tags": PERSONAL}, **HERE)

    return change


def global_cache(region: str) -> Any:
    def change(draft: Draft) -> None:
        draft.add(GLOBAL_CACHE, "world", {"id": "world", "primaryReplicationGroupId": "cache-cluster-id"}, **HERE)
        draft.add(CACHE, "member", {"globalReplicationGroupId": "world", "region": region, "tags": PERSONAL}, **HERE)

    return change


def images(region: str) -> Any:
    return added(IMAGES, {"replicationConfiguration": {"rules": [{"destinations": [{"region": region, "registryId": "1"}]}]}})


def key_copy(region: str) -> Any:
    primary = "arn:aws:kms:eu-west-1:123456789012:keys-personal-key"
    return added(KEY_COPY, {"primaryKeyArn": primary, "region": region, "tags": PERSONAL})


def backup_copy(arn: str) -> Any:
    return lambda draft: draft.one(PLAN).properties["rules"][1]["copyActions"][0].update(destinationVaultArn=arn)


def file_copy(**destination: Any) -> Any:
    return added(FILE_COPY, {"sourceFileSystemId": "shared-files-files-id", "destination": destination})


def named_before_it_is_made(region: str, engine: str) -> Any:
    def change(draft: Draft) -> None:
        draft.add(f"aws:{engine}/globalCluster:GlobalCluster", "world", {"id": UNKNOWN, "globalClusterIdentifier": "world"}, **HERE)
        given = {"globalClusterIdentifier": "world", "region": region, "tags": PERSONAL}
        draft.add(f"aws:{engine}/cluster:Cluster", "member", given, **HERE)

    return change


CAUGHT = [
    Mutation("a bucket is replicated to the United States", moved(BUCKET, "euc1-files-bucket")),
    Mutation("a bucket of nothing known is replicated", lambda draft: draft.one(BUCKET, "files-bucket").drop("tags")),
    Mutation(
        "a bucket is replicated to one that nobody knows",
        lambda draft: draft.one(COPIES, "files-replication-rules").set("rules.0.destination.bucket", "arn:aws:s3:::elsewhere"),
    ),
    Mutation("a bucket is replicated as it was written once", inline("us-east-1")),
    Mutation("a table has a copy in the United States", moved(REPLICA, "euc1-scheduling-table-copy")),
    Mutation(
        "a copy of personal data calls itself harmless",
        lambda draft: draft.one(REPLICA, "euc1-scheduling-table-copy").properties.update(THERE | {"tags": {"data-class": "operational"}}),
    ),
    Mutation("a table names a copy in the United States", lambda draft: draft.one(TABLE).set("replicas", [{"regionName": "us-east-1"}])),
    Mutation("a table is global as tables were once", legacy_global_table("us-east-1")),
    Mutation(
        "a global table has members that nobody knows",
        added(GLOBAL_TABLE, {"name": "old", "replicas": [{"regionName": "eu-central-1"}]}),
    ),
    Mutation(
        "a database of the United States' standby moves to Brazil's",
        lambda draft: draft.one(INSTANCE, "standby-replica").properties.update(replicateSourceDb=FAR, region="sa-east-1"),
    ),
    Mutation("a database has its backups in the United States", moved(BACKUPS, "euc1-database-backups-replication")),
    Mutation(
        "a snapshot is copied away",
        added(SNAPSHOT, {"sourceDbSnapshotIdentifier": "s", "destinationRegion": "us-east-1", "tags": PERSONAL}),
    ),
    Mutation("a snapshot is fetched from elsewhere", added(SNAPSHOT, {"sourceDbSnapshotIdentifier": NEAR, **THERE})),
    Mutation(
        "a snapshot of a cluster is copied away",
        added(CLUSTER_SNAPSHOT, {"sourceDbClusterSnapshotIdentifier": "s", "destinationRegion": "us-east-1", "tags": PERSONAL}),
    ),
    Mutation("a cluster is a copy in the United States", added(CLUSTER, {"replicationSourceIdentifier": NEAR, **THERE})),
    Mutation("a global database has a member in the United States", global_database("us-east-1")),
    Mutation("a global database begins in the United States", global_database("sa-east-1", sourceDbClusterIdentifier=FAR)),
    Mutation(
        "a cluster belongs to a global database that nobody knows",
        added(CLUSTER, {"globalClusterIdentifier": "elsewhere", "tags": PERSONAL}),
    ),
    Mutation("a global cache has a member in the United States", global_cache("us-east-1")),
    *(
        Mutation(f"a global database of {engine} has a member in the United States", named_before_it_is_made("us-east-1", engine))
        for engine in ("rds", "docdb", "neptune")
    ),
    Mutation("files are copied to the United States", file_copy(region="us-east-1")),
    Mutation("files are copied to one zone of it", file_copy(availabilityZoneName="us-east-1a")),
    Mutation(
        "files that nobody knows are copied", added(FILE_COPY, {"sourceFileSystemId": "fs-1", "destination": {"region": "sa-east-1"}})
    ),
    Mutation("a snapshot of a volume is fetched away", added("aws:ebs/snapshotCopy:SnapshotCopy", {"sourceRegion": "eu-west-1", **THERE})),
    Mutation("an image of a machine is fetched away", added("aws:ec2/amiCopy:AmiCopy", {"sourceAmiRegion": "eu-west-1", **THERE})),
    Mutation(
        "a key that was brought in has a copy in the United States",
        added("aws:kms/replicaExternalKey:ReplicaExternalKey", {"primaryKeyArn": "arn:aws:kms:eu-west-1:1:key/mrk-1", **THERE}),
    ),
    Mutation("images go where nothing of ours may be", images("ap-southeast-2")),
    Mutation(
        "a secret has a copy in the United States",
        lambda draft: next(each for each in draft.all(SECRET)).set("replicas", [{"region": "us-east-1"}]),
    ),
    Mutation("a key of personal data has a copy in the United States", key_copy("us-east-1")),
    Mutation("backups are copied to the United States", moved(VAULT, "euc1-recovery-points-vault")),
    Mutation(
        "backups are copied to a vault of another stack in the United States",
        backup_copy("arn:aws:backup:us-east-1:123456789012:backup-vault:other"),
    ),
    Mutation("backups of what nobody knows are copied", lambda draft: draft.one(PLAN).set("rules.1.targetVaultName", "Default")),
]
SPARED = [
    Mutation("a bucket is replicated to Brazil", moved(BUCKET, "euc1-files-bucket", "sa-east-1")),
    Mutation("a bucket is replicated within its region", inline("eu-west-1")),
    Mutation("a table names a copy in Germany", lambda draft: draft.one(TABLE).set("replicas", [{"regionName": "eu-central-1"}])),
    Mutation("a table is global within the law", legacy_global_table("eu-central-1")),
    Mutation(
        "a replica names its source in its own region",
        lambda draft: draft.one(INSTANCE, "database-replica-a").set("replicateSourceDb", "main"),
    ),
    Mutation("a standby follows Brazil", lambda draft: draft.one(INSTANCE, "standby-replica").set("replicateSourceDb", NEAR)),
    Mutation("a snapshot is copied within its region", added(SNAPSHOT, {"sourceDbSnapshotIdentifier": "s", "tags": PERSONAL})),
    Mutation("a snapshot is fetched from Brazil", added(SNAPSHOT, {"sourceDbSnapshotIdentifier": NEAR, "tags": PERSONAL})),
    Mutation("a global database has a member in Brazil", global_database("sa-east-1")),
    Mutation("a global cache has a member in Brazil", global_cache("sa-east-1")),
    Mutation("a global database that is named before it is made has a member in Brazil", named_before_it_is_made("sa-east-1", "docdb")),
    Mutation("files are copied to Germany", file_copy(region="eu-central-1")),
    Mutation("files are copied to one zone of Brazil", file_copy(availabilityZoneName="sa-east-1b")),
    Mutation(
        "a snapshot of a volume is fetched from Brazil",
        added("aws:ebs/snapshotCopy:SnapshotCopy", {"sourceRegion": "sa-east-1", "tags": PERSONAL}),
    ),
    Mutation("images go to the hub", images("us-east-1")),
    Mutation("a key has a copy in Germany", key_copy("eu-central-1")),
    Mutation(
        "backups are copied to a vault of another stack in Brazil",
        backup_copy("arn:aws:backup:sa-east-1:123456789012:backup-vault:other"),
    ),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("RES-02", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("RES-02", mutation)


def test_a_copy_goes_on_only_as_long_as_its_row() -> None:
    control = catalogue()["RES-02"]
    table = resource(TABLE, "t", arn="arn:aws:dynamodb:eu-west-1:1:table/t", tags=PERSONAL, provider_region="eu-west-1")
    copy = resource(REPLICA, "c", globalTableArn=table.look("arn"), region="us-east-1", tags=PERSONAL)
    row = {"data": "personal", "from": "eu-west-1", "to": "us-east-1", "mechanism": "scc", "document": "c-1"}

    def verdict(**more: str) -> Verdict:
        rows = TransferRegister.model_validate({"transfers": [row | more]})
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(_register, "register", lambda: rows)
            return control.evaluate(lone(table, copy))[0].verdict

    assert verdict() is Verdict.PASS
    assert verdict(expires="2020-01-31") is Verdict.VIOLATION


def test_a_place_that_is_not_known_yet_is_decided_later_unless_its_making_tells() -> None:
    control = catalogue()["RES-02"]
    vaults = [
        resource(VAULT, name, name=name, arn=UNKNOWN, region=region, tags=PERSONAL, provider_region="eu-west-1")
        for name, region in (("home", "eu-west-1"), ("far", "us-east-1"))
    ]
    rules = [{"targetVaultName": "home", "copyActions": [{"destinationVaultArn": UNKNOWN}]}]
    links = {"rules": tuple(vault.urn for vault in vaults)}
    told = resource(PLAN, "told", rules=rules, provider_region="eu-west-1", property_dependencies=links)
    untold = resource(PLAN, "untold", rules=rules, provider_region="eu-west-1")
    far = {"copyActions": [{"destinationVaultArn": "arn:aws:backup:eu-central-1:1:backup-vault:v"}]}
    unnamed = resource(PLAN, "unnamed", rules=[{"targetVaultName": UNKNOWN, **far}], provider_region="eu-west-1")
    alone = resource(INSTANCE, "alone", tags=PERSONAL, provider_region="eu-west-1")
    secret = resource(SECRET, "s", replicas=[{"region": UNKNOWN}], tags=PERSONAL, provider_region="eu-west-1")
    member = resource(CACHE, "m", globalReplicationGroupId=UNKNOWN, tags=PERSONAL, provider_region="eu-west-1")
    found = {finding.urn: finding.verdict for finding in control.evaluate(lone(*vaults, told, untold, unnamed, alone, secret, member))}
    assert found == {
        told.urn: Verdict.VIOLATION,
        untold.urn: Verdict.UNDECIDED,
        unnamed.urn: Verdict.UNDECIDED,
        secret.urn: Verdict.UNDECIDED,
        member.urn: Verdict.UNDECIDED,
    }
