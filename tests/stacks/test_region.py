"""Each region has the documented sizes, and its parts fit each other."""

import pytest

from components.network.access_rules import EPHEMERAL
from config.load import load
from tests.kit.composed import shipped_graph
from tests.kit.recorder import Graph

PRODUCTION = ("us-east-1", "eu-west-1", "sa-east-1")
CODES = {"us-east-1": "use1", "eu-west-1": "euw1", "sa-east-1": "sae1"}
every_region = pytest.mark.parametrize("name", PRODUCTION)


def arn_of_key(graph: Graph, data_class: str) -> str:
    key = graph.named(f"keys-{data_class}-key")
    return f"arn:aws:kms:{key.inputs['tags']['region']}:123456789012:{key.name}"


@pytest.mark.parametrize(
    ("name", "cidr"), [("us-east-1", "10.0.0.0/16"), ("eu-west-1", "10.1.0.0/16"), ("sa-east-1", "10.2.0.0/16"), ("staging", "10.3.0.0/16")]
)
def test_networks_are_those_of_the_decisions(name: str, cidr: str) -> None:
    assert shipped_graph(name).one("aws:ec2/vpc:Vpc").inputs["cidrBlock"] == cidr


@every_region
def test_three_zones_with_three_tiers_and_a_way_out_of_each(name: str) -> None:
    graph = shipped_graph(name)
    subnets = graph.of_type("aws:ec2/subnet:Subnet")
    assert len(subnets) == 9
    assert {subnet.inputs["availabilityZone"] for subnet in subnets} == {f"{name}{letter}" for letter in "abc"}
    assert len(graph.of_type("aws:ec2/natGateway:NatGateway")) == 3


def test_staging_has_one_way_out() -> None:
    assert len(shipped_graph("staging").of_type("aws:ec2/natGateway:NatGateway")) == 1


@every_region
def test_the_database_has_the_documented_size_a_standby_and_two_replicas(name: str) -> None:
    graph = shipped_graph(name)
    primary = graph.named("database-primary").inputs
    assert {key: primary[key] for key in ("instanceClass", "allocatedStorage", "maxAllocatedStorage", "multiAz", "storageType")} == {
        "instanceClass": "db.r5.xlarge",
        "allocatedStorage": 1000,
        "maxAllocatedStorage": 10000,
        "multiAz": True,
        "storageType": "gp3",
    }
    assert primary["engineVersion"] == "17"
    assert (primary["backupRetentionPeriod"], primary["backupWindow"]) == (30, "03:00-04:00")
    assert primary["maintenanceWindow"] == "sun:04:00-sun:05:00"
    replicas = [
        each for each in graph.of_type("aws:rds/instance:Instance") if each.inputs.get("replicateSourceDb") == primary["identifier"]
    ]
    assert sorted(each.inputs["availabilityZone"] for each in replicas) == [f"{name}a", f"{name}b"]


@every_region
def test_the_cache_has_three_shards_with_a_replica_each(name: str) -> None:
    cache = shipped_graph(name).one("aws:elasticache/replicationGroup:ReplicationGroup", "cache-cluster").inputs
    assert (cache["nodeType"], cache["numNodeGroups"], cache["replicasPerNodeGroup"]) == ("cache.r5.large", 3, 1)


def test_the_estate_begins_with_six_standard_and_three_intensive_nodes_a_third_of_them_on_spot() -> None:
    desired: dict[tuple[str, str], int] = {}
    for name in PRODUCTION:
        for group in shipped_graph(name).of_type("aws:eks/nodeGroup:NodeGroup"):
            kind = ("intensive" if "intensive" in group.name else "standard", group.inputs["capacityType"])
            desired[kind] = desired.get(kind, 0) + group.inputs["scalingConfig"]["desiredSize"]
    assert desired == {("standard", "ON_DEMAND"): 3, ("standard", "SPOT"): 3, ("intensive", "ON_DEMAND"): 3, ("intensive", "SPOT"): 0}


def test_the_estate_scales_to_fifty_nodes_and_not_below_six() -> None:
    sizes = [group.inputs["scalingConfig"] for name in PRODUCTION for group in shipped_graph(name).of_type("aws:eks/nodeGroup:NodeGroup")]
    assert sum(size["maxSize"] for size in sizes) == 50
    assert sum(size["minSize"] for size in sizes) == 6


@every_region
def test_the_kubernetes_api_is_private_and_in_standard_support(name: str) -> None:
    cluster = shipped_graph(name).one("aws:eks/cluster:Cluster").inputs
    assert cluster["version"] == "1.35" and cluster["upgradePolicy"] == {"supportType": "STANDARD"}
    assert cluster["vpcConfig"]["endpointPrivateAccess"] and not cluster["vpcConfig"]["endpointPublicAccess"]


@every_region
def test_each_store_is_encrypted_with_the_key_of_its_data(name: str) -> None:
    graph = shipped_graph(name)
    personal, credentials, logs = (arn_of_key(graph, each) for each in ("personal", "credentials", "logs"))
    assert keys_of(graph, "aws:rds/instance:Instance", name) == {personal}
    assert graph.one("aws:elasticache/replicationGroup:ReplicationGroup", "cache-cluster").inputs["kmsKeyId"] == personal
    assert graph.one("aws:efs/fileSystem:FileSystem").inputs["kmsKeyId"] == personal
    assert graph.one("aws:eks/cluster:Cluster").inputs["encryptionConfig"]["provider"]["keyArn"] == credentials
    assert keys_of(graph, "aws:cloudwatch/logGroup:LogGroup", name) == {logs}


def keys_of(graph: Graph, kind: str, region: str) -> set[str]:
    """Return the keys of the resources of a kind that stand in a region."""
    return {each.inputs["kmsKeyId"] for each in graph.of_type(kind) if each.inputs["tags"]["region"] == region}


def test_a_standby_in_an_earlier_region_is_encrypted_with_keys_of_that_region() -> None:
    graph = shipped_graph("sa-east-1")
    copy = graph.named("euw1-keys-personal-key")
    assert copy.inputs["tags"]["region"] == "eu-west-1"
    assert keys_of(graph, "aws:rds/instance:Instance", "eu-west-1") == {copy.answered["arn"]}
    assert keys_of(graph, "aws:cloudwatch/logGroup:LogGroup", "eu-west-1") == {"logs_key_arn-of-eu-west-1"}


@every_region
def test_logs_are_kept_a_year(name: str) -> None:
    assert {each.inputs["retentionInDays"] for each in shipped_graph(name).of_type("aws:cloudwatch/logGroup:LogGroup")} == {365}


@every_region
def test_data_stores_let_in_the_nodes_alone(name: str) -> None:
    graph = shipped_graph(name)
    nodes = f"{graph.named('cluster-node-firewall-group').name}-id"
    for store in ("database", "cache", "shared-files"):
        rules = [
            each.inputs
            for each in graph.of_type("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
            if each.inputs["securityGroupId"] == f"{store}-access-id"
        ]
        assert [rule["referencedSecurityGroupId"] for rule in rules] == [nodes]


@every_region
def test_nodes_may_reach_every_port_that_a_store_listens_on(name: str) -> None:
    graph = shipped_graph(name)
    listening = {
        each.inputs["fromPort"]
        for each in graph.of_type("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
        if each.inputs["securityGroupId"] in {"database-access-id", "cache-access-id", "shared-files-access-id"}
    }
    reachable = {
        each.inputs["fromPort"]
        for each in graph.of_type("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")
        if each.name.startswith("cluster-node-firewall-to-data-")
    }
    assert listening == reachable == {2049, 5432, 6379}


@every_region
def test_the_load_balancers_targets_listen_where_the_network_lets_it_through(name: str) -> None:
    port = shipped_graph(name).one("aws:lb/targetGroup:TargetGroup").inputs["port"]
    assert EPHEMERAL[0] <= port <= EPHEMERAL[1]


@every_region
def test_the_way_in_has_the_name_the_hub_derives_and_a_web_acl(name: str) -> None:
    graph = shipped_graph(name)
    host = f"origin.{CODES[name]}.morefocus.com"
    assert graph.named("entry-certificate-certificate").inputs["domainName"] == host
    assert graph.named("origin-record").inputs["name"] == host
    association = graph.one("aws:wafv2/webAclAssociation:WebAclAssociation", "entry-firewall-protects-entry").inputs
    assert association["resourceArn"].endswith("entry-balancer")


def test_staging_answers_under_names_of_its_own() -> None:
    assert shipped_graph("staging").named("origin-record").inputs["name"] == "origin.use1.staging.morefocus.com"


@every_region
def test_backups_cannot_be_deleted_while_the_database_could_still_go_back_to_their_day(name: str) -> None:
    locks = {
        each.name: each.inputs for each in shipped_graph(name).of_type("aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration")
    }
    copies = {f"{region.code}-backups-lock" for region in load(name).plan.copies}
    for lock in ("backups-lock", *copies):
        assert locks[lock]["rule"]["defaultRetention"] == {"mode": "GOVERNANCE", "days": 30}, lock


@pytest.mark.parametrize("name", PRODUCTION)
def test_names_that_are_addresses_say_whose_they_are(name: str) -> None:
    graph = shipped_graph(name)
    prefix = f"morefocus-prod-{CODES[name]}-"
    assert all(bucket.inputs["bucket"].startswith(prefix) for bucket in graph.of_type("aws:s3/bucket:Bucket"))
    assert graph.one("aws:eks/cluster:Cluster").inputs["name"] == f"{prefix}cluster"
    # A standby of another region's database says whose it is, and roles of people and pipelines are the account's.
    standbys = {f"morefocus-prod-{CODES[origin]}-{CODES[name]}-standby-monitoring" for origin in PRODUCTION if origin != name}
    roles = {
        role.inputs["name"]
        for role in graph.of_type("aws:iam/role:Role")
        if not role.urn.split("::")[2].startswith(("morefocus:identity:PersonRole$", "morefocus:identity:Pipelines$"))
    }
    assert roles and all(role.startswith(prefix) for role in roles - standbys)
