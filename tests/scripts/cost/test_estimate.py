"""What single resources cost, calculated by hand and matched to the cent."""

import time
from decimal import Decimal

import pytest

from scripts.cost.estimate import change
from scripts.cost.graph import Item
from tests.scripts.cost.kit import estimate, item

NODES = "aws:eks/nodeGroup:NodeGroup"
DATABASE = "aws:rds/instance:Instance"
CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"


def test_nodes_cost_their_hours_and_those_on_spot_what_is_left_of_the_price() -> None:
    on_demand = item(NODES, "pool-on-demand", instanceTypes=["t3.large"], capacityType="ON_DEMAND", scalingConfig={"desiredSize": 2})
    spot = item(NODES, "pool-spot", instanceTypes=["t3.large", "m5.large"], capacityType="SPOT", scalingConfig={"desiredSize": 1})
    found = estimate({"ec2:t3.large": "0.0832"}, on_demand, spot)
    # 2 x 730 x 0.0832 = 121.472; 1 x 730 x 0.0832 x 0.4 = 24.2944
    assert [line.amount for line in found.lines] == [Decimal("121.47"), Decimal("24.29")]
    assert found.total == Decimal("145.76")


def test_the_disks_of_nodes_are_those_of_their_template() -> None:
    template = item(
        "aws:ec2/launchTemplate:LaunchTemplate",
        "pool-template",
        blockDeviceMappings=[{"ebs": {"volumeType": "gp3", "volumeSize": 80, "iops": 4000}}],
    )
    nodes = item(NODES, "pool-on-demand", instanceTypes=["t3.large"], scalingConfig={"desiredSize": 3})
    found = estimate({"ec2:t3.large": "0", "ebs:gp3": "0.08", "ebs:gp3-iops": "0.005"}, template, nodes)
    # 3 x 80 x 0.08 = 19.20; 3 x (4000 - 3000) x 0.005 = 15.00
    assert found.by(lambda line: line.what) == {
        "gp3 of nodes": Decimal("19.20"),
        "IOPS above 3,000": Decimal("15.00"),
        "t3.large on demand": Decimal(0),
    }


def test_a_standby_is_billed_as_a_second_database_with_storage_of_its_own() -> None:
    primary = item(DATABASE, engine="postgres", instanceClass="db.r5.xlarge", storageType="gp3", allocatedStorage=1000, multiAz=True)
    found = estimate({"rds:postgres:db.r5.xlarge": "0.50", "rds:gp3": "0.115"}, primary)
    # 2 x 730 x 0.50 = 730.00; 2 x 1000 x 0.115 = 230.00
    assert [line.amount for line in found.lines] == [Decimal("730.00"), Decimal("230.00")]


def test_a_replica_has_the_engine_and_the_size_of_its_origin() -> None:
    primary = item(DATABASE, "primary", engine="postgres", instanceClass="db.r5.xlarge", allocatedStorage=500, identifier="first")
    replica = item(DATABASE, "replica", instanceClass="db.r5.xlarge", replicateSourceDb="first")
    elsewhere = item(DATABASE, "far", instanceClass="db.r5.xlarge", replicateSourceDb="arn:aws:rds:sa-east-1:123456789012:db:other")
    found = estimate({"rds:postgres:db.r5.xlarge": "1", "rds:gp3": "0.1"}, primary, replica, elsewhere, replica_storage_gb="700")
    storage = {line.urn.rpartition("::")[2]: (line.amount, line.assumes) for line in found.lines if line.what == "gp3 storage"}
    assert storage == {
        "primary": (Decimal("50.00"), None),
        "replica": (Decimal("50.00"), None),
        "far": (Decimal("70.00"), "replica_storage_gb"),
    }


@pytest.mark.parametrize(
    ("size", "iops", "billed"),
    [(399, 3000, "0"), (399, 4000, "20.00"), (400, 12000, "0"), (400, 14000, "40.00")],
)
def test_iops_are_billed_beyond_those_that_a_volume_of_its_size_holds(size: int, iops: int, billed: str) -> None:
    found = estimate(
        {"rds:postgres:db.x": "0", "rds:gp3": "0", "rds:gp3-iops": "0.02"},
        item(DATABASE, engine="postgres", instanceClass="db.x", allocatedStorage=size, iops=iops),
    )
    assert sum((line.amount or Decimal(0) for line in found.lines if "IOPS" in line.what), Decimal(0)) == Decimal(billed)


def test_a_cache_costs_a_node_for_each_shard_and_each_of_its_replicas() -> None:
    cluster = item(CACHE, "cluster", engine="redis", nodeType="cache.r5.large", numNodeGroups=3, replicasPerNodeGroup=1)
    pair = item(CACHE, "pair", engine="redis", nodeType="cache.r5.large", numCacheClusters=2)
    found = estimate({"elasticache:redis:cache.r5.large": "0.216"}, cluster, pair)
    # 6 x 730 x 0.216 = 946.08; 2 x 730 x 0.216 = 315.36
    assert [line.amount for line in found.lines] == [Decimal("946.08"), Decimal("315.36")]


def test_an_interface_endpoint_is_billed_for_each_zone_and_a_gateway_endpoint_not_at_all() -> None:
    kind = "aws:ec2/vpcEndpoint:VpcEndpoint"
    three = item(kind, "one", vpcEndpointType="Interface", subnetIds=["a", "b", "c"])
    free = item(kind, "two", vpcEndpointType="Gateway")
    # 3 x 730 x 0.01 = 21.90; 3 x 5 GB x 0.01 = 0.15
    assert estimate({"endpoint:hour": "0.01", "endpoint:gb": "0.01"}, three, free, endpoint_gb="5").total == Decimal("22.05")


def test_the_scheduling_service_costs_its_calls_and_seconds_of_memory() -> None:
    functions = [item("aws:lambda/function:Function", f"scheduling-{each}", memorySize=512, architectures=["arm64"]) for each in ("a", "b")]
    stage = item("aws:apigateway/stage:Stage", cacheClusterEnabled=True, cacheClusterSize="0.5")
    api = item("aws:apigateway/restApi:RestApi")
    prices = {"lambda:calls": "0.20", "lambda:arm": "0.0000133334", "api:requests": "3.50", "api:cache-0.5": "0.02"}
    found = estimate(prices, *functions, stage, api, calls="2000000", called_functions="2", call_ms="200", api_requests="1000000")
    # each: 1 M calls x 0.20 = 0.20, and 1 M x 0.2 s x 0.5 GB = 100,000 GB-seconds x 0.0000133334 = 1.33; 3.50; 730 x 0.02 = 14.60
    assert found.by(lambda line: line.service) == {"API Gateway": Decimal("18.10"), "Lambda": Decimal("3.06")}


def test_a_price_that_was_not_found_is_shown_and_never_counted_as_nothing() -> None:
    found = estimate({"nat:hour": "0.045", "nat:gb": None}, item("aws:ec2/natGateway:NatGateway"))
    assert found.total == Decimal("32.85")
    assert not found.complete
    assert found.unresolved == (("us-east-1", "nat:gb"),)
    assert [line.amount for line in found.lines] == [Decimal("32.85"), None]


def test_a_type_that_nobody_has_decided_about_is_named() -> None:
    assert estimate({}, item("aws:redshift/cluster:Cluster")).unknown == ("aws:redshift/cluster:Cluster",)


def test_a_change_names_what_costs_more_less_or_is_newly_unresolved() -> None:
    prices = {"nat:hour": "0.045", "nat:gb": "0", "eks:cluster": "0.10", "kms:key": None, "kms:calls": "0"}
    nat, cluster, key = item("aws:ec2/natGateway:NatGateway"), item("aws:eks/cluster:Cluster"), item("aws:kms/key:Key")
    found = change(estimate(prices, nat), estimate(prices, cluster, key))
    assert found.amount == Decimal("40.15")
    assert [(each.urn, each.amount) for each in found.differences[:2]] == [(cluster.urn, Decimal("73.00")), (nat.urn, Decimal("-32.85"))]
    assert found.newly_unresolved == (("us-east-1", "kms:key"),)


def test_two_thousand_resources_are_priced_within_two_seconds() -> None:
    kinds = ("aws:kms/key:Key", DATABASE, NODES, "aws:cloudwatch/logGroup:LogGroup")
    items = [_numbered(kind, number) for number in range(500) for kind in kinds]
    begun = time.process_time()
    estimate({}, *items)
    assert time.process_time() - begun < 2


def _numbered(kind: str, number: int) -> Item:
    return item(kind, f"n{number}", instanceClass="db.x", replicateSourceDb=f"n{number - 1}", identifier=f"n{number}")
