"""RDS of the emulated cloud, as any client sees it."""

from typing import Any

import pytest

from tests.kit.cloud import EmulatedCloud

MASTER = {"MasterUsername": "morefocus", "MasterUserPassword": "correct-horse-battery"}
SHAPE: dict[str, Any] = {"Engine": "postgres", "EngineVersion": "17.6", "DBInstanceClass": "db.r5.xlarge", "AllocatedStorage": 1000}


@pytest.fixture
def rds(emulated_cloud: EmulatedCloud) -> Any:
    emulated_cloud.reset()
    return emulated_cloud.boto("rds")


def made(rds: Any, name: str = "bookings", **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = rds.create_db_instance(DBInstanceIdentifier=name, **SHAPE, **MASTER, **more)["DBInstance"]
    return found


def test_maintenance_may_begin_when_the_backup_ends_but_not_before(rds: Any) -> None:
    made(rds, PreferredBackupWindow="03:00-04:00", PreferredMaintenanceWindow="sun:04:00-sun:05:00")
    with pytest.raises(Exception, match="must not overlap"):
        made(rds, "other", PreferredBackupWindow="03:00-04:00", PreferredMaintenanceWindow="sun:03:30-sun:04:30")


def test_insights_and_monitoring_are_described(rds: Any) -> None:
    role = "arn:aws:iam::123456789012:role/monitoring"
    found = made(rds, EnablePerformanceInsights=True, MonitoringInterval=60, MonitoringRoleArn=role)
    assert (found["PerformanceInsightsEnabled"], found["PerformanceInsightsRetentionPeriod"]) == (True, 7)
    assert found["EnhancedMonitoringResourceArn"].endswith(f"RDSOSMetrics:log-stream:{found['DbiResourceId']}")
    found = rds.modify_db_instance(DBInstanceIdentifier="bookings", PerformanceInsightsRetentionPeriod=731)["DBInstance"]
    assert found["PerformanceInsightsRetentionPeriod"] == 731


def test_every_instance_has_a_resource_id_of_its_own(rds: Any) -> None:
    made(rds)
    rds.create_db_instance_read_replica(DBInstanceIdentifier="reader", SourceDBInstanceIdentifier="bookings")
    ids = {item["DbiResourceId"] for item in rds.describe_db_instances()["DBInstances"]}
    assert len(ids) == 2


@pytest.mark.parametrize(("size", "iops", "throughput"), [(100, 3000, 125), (400, 12000, 500)])
def test_gp3_comes_with_what_its_size_includes(rds: Any, size: int, iops: int, throughput: int) -> None:
    shape = SHAPE | {"AllocatedStorage": size}
    found = rds.create_db_instance(DBInstanceIdentifier="bookings", **shape, **MASTER, StorageType="gp3")["DBInstance"]
    assert (found["Iops"], found["StorageThroughput"]) == (iops, throughput)


def test_a_subnet_group_survives_a_change(rds: Any, emulated_cloud: EmulatedCloud) -> None:
    subnets = [subnet["SubnetId"] for subnet in emulated_cloud.boto("ec2").describe_subnets()["Subnets"]]
    rds.create_db_subnet_group(DBSubnetGroupName="data", DBSubnetGroupDescription="Data", SubnetIds=subnets[:2])
    rds.modify_db_subnet_group(DBSubnetGroupName="data", SubnetIds=subnets)
    [group] = rds.describe_db_subnet_groups(DBSubnetGroupName="data")["DBSubnetGroups"]
    assert {item["SubnetIdentifier"] for item in group["Subnets"]} == set(subnets)
