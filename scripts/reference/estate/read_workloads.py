"""Reads clusters, stores and their keys from a stack's graph."""

from collections import defaultdict

from scripts.reference.estate.facts import Bucket, Cache, Cluster, Database, FileSystem, NodeGroup, Pool, Replica, Standby
from scripts.reference.estate.recorded import by_id, parent_name
from tests.kit.recorder import Graph, Recorded

_INSTANCE = "aws:rds/instance:Instance"
Keys = dict[str, str]
"""Data class by the ARN of its key."""


def read_keys(graph: Graph) -> Keys:
    """Return the data class of each key."""
    return {str(each.answered["arn"]): str(each.inputs["tags"]["data-class"]) for each in graph.of_type("aws:kms/key:Key")}


def read_clusters(graph: Graph, keys: Keys) -> tuple[Cluster, ...]:
    """Return the clusters with their pools."""
    addons = graph.of_type("aws:eks/addon:Addon")
    return tuple(
        Cluster(
            name=each.inputs["name"],
            version=each.inputs["version"],
            public=bool(each.inputs["vpcConfig"]["endpointPublicAccess"]),
            addons=tuple(sorted(addon.inputs["addonName"] for addon in addons if addon.inputs["clusterName"] == each.inputs["name"])),
            key=keys[each.inputs["encryptionConfig"]["provider"]["keyArn"]],
            pools=_pools(graph, each.inputs["name"]),
        )
        for each in graph.of_type("aws:eks/cluster:Cluster")
    )


def _pools(graph: Graph, cluster: str) -> tuple[Pool, ...]:
    groups: dict[str, dict[str, NodeGroup]] = defaultdict(dict)
    for each in graph.of_type("aws:eks/nodeGroup:NodeGroup"):
        if each.inputs["clusterName"] == cluster:
            scaling = each.inputs["scalingConfig"]
            groups[each.inputs["labels"]["node-pool"]][each.inputs["capacityType"]] = NodeGroup(
                types=tuple(each.inputs["instanceTypes"]),
                minimum=scaling["minSize"],
                desired=scaling["desiredSize"],
                maximum=scaling["maxSize"],
            )
    # The pool with the most nodes first.
    ordered = sorted(groups.items(), key=lambda item: (-sum(group.maximum for group in item[1].values()), item[0]))
    return tuple(Pool(name=name, on_demand=ways.get("ON_DEMAND"), spot=ways.get("SPOT")) for name, ways in ordered)


def read_databases(graph: Graph, keys: Keys) -> tuple[Database, ...]:
    """Return each instance that copies none, with those of its stack that copy it."""
    instances = graph.of_type(_INSTANCE)
    return tuple(
        Database(
            name=each.inputs["identifier"],
            engine=each.inputs["engine"],
            version=each.inputs["engineVersion"],
            instance_class=each.inputs["instanceClass"],
            multi_az=bool(each.inputs["multiAz"]),
            storage_gb=each.inputs["allocatedStorage"],
            max_storage_gb=each.inputs["maxAllocatedStorage"],
            storage_type=each.inputs["storageType"],
            backup_days=each.inputs["backupRetentionPeriod"],
            key=keys[each.inputs["kmsKeyId"]],
            replicas=tuple(_replica(copy) for copy in instances if copy.inputs.get("replicateSourceDb") == each.inputs["identifier"]),
        )
        for each in instances
        if "replicateSourceDb" not in each.inputs
    )


def read_standbys(graph: Graph, keys: Keys) -> tuple[Standby, ...]:
    """Return each instance that copies one of another region; RDS wants the ARN of such a source, and no mere name."""
    instances = graph.of_type(_INSTANCE)
    names = {each.inputs["identifier"] for each in instances}
    return tuple(
        Standby(name=each.inputs["identifier"], instance_class=each.inputs["instanceClass"], key=keys[each.inputs["kmsKeyId"]])
        for each in instances
        if each.inputs.get("replicateSourceDb", each.inputs["identifier"]) not in names
    )


def _replica(instance: Recorded) -> Replica:
    inputs = instance.inputs
    return Replica(name=inputs["identifier"], zone=inputs["availabilityZone"], instance_class=inputs["instanceClass"])


def read_caches(graph: Graph, keys: Keys) -> tuple[Cache, ...]:
    """Return the replication groups."""
    return tuple(
        Cache(
            name=each.inputs["replicationGroupId"],
            engine=each.inputs["engine"],
            version=each.inputs["engineVersion"],
            node_type=each.inputs["nodeType"],
            # With cluster mode off a group is one shard: its primary, and the replicas beside it.
            shards=each.inputs.get("numNodeGroups", 1),
            replicas_per_shard=each.inputs.get("replicasPerNodeGroup", each.inputs.get("numCacheClusters", 1) - 1),
            key=keys[each.inputs["kmsKeyId"]],
        )
        for each in graph.of_type("aws:elasticache/replicationGroup:ReplicationGroup")
    )


def read_file_systems(graph: Graph, keys: Keys) -> tuple[FileSystem, ...]:
    """Return the file systems with the zones that can mount them."""
    subnets = by_id(graph.of_type("aws:ec2/subnet:Subnet"))
    targets = graph.of_type("aws:efs/mountTarget:MountTarget")
    return tuple(
        FileSystem(
            name=parent_name(graph, each),
            throughput=each.inputs["throughputMode"],
            zones=tuple(
                sorted(
                    subnets[target.inputs["subnetId"]].inputs["availabilityZone"]
                    for target in targets
                    if target.inputs["fileSystemId"] == identity
                )
            ),
            key=keys[each.inputs["kmsKeyId"]],
        )
        for identity, each in by_id(graph.of_type("aws:efs/fileSystem:FileSystem")).items()
    )


def read_buckets(graph: Graph, keys: Keys) -> tuple[Bucket, ...]:
    """Return the buckets with what protects them."""
    encryption = _of_bucket(graph, "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration")
    versioning = _of_bucket(graph, "aws:s3/bucketVersioning:BucketVersioning")
    locks = _of_bucket(graph, "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration")
    found = []
    for each in graph.of_type("aws:s3/bucket:Bucket"):
        name = each.inputs["bucket"]
        algorithm = encryption[name].inputs["rules"][0]["applyServerSideEncryptionByDefault"]
        retention = locks[name].inputs["rule"]["defaultRetention"] if name in locks else {}
        found.append(
            Bucket(
                name=parent_name(graph, each),
                holds=each.inputs["tags"]["data-class"],
                key=keys[algorithm["kmsMasterKeyId"]] if "kmsMasterKeyId" in algorithm else None,
                versioned=name in versioning and versioning[name].inputs["versioningConfiguration"]["status"] == "Enabled",
                lock_mode=retention.get("mode"),
                lock_days=retention.get("days", 0),
            )
        )
    return tuple(found)


def _of_bucket(graph: Graph, type_: str) -> dict[str, Recorded]:
    return {each.inputs["bucket"]: each for each in graph.of_type(type_)}
