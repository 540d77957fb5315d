"""A region's plan refuses what AWS or the decisions refuse, and names what it would take."""

from typing import Any

import pytest
from pydantic import ValidationError

from config.models import ClusterPlan, DatabasePlan, NetworkPlan, PoolPlan

NETWORK = {"cidr": "10.1.0.0/16", "zones": ["eu-west-1a", "eu-west-1b"], "nat": "single", "asn": 64513}
POOL = {"instance_type": "t3.large", "min": 1, "desired": 2, "max": 3}
CLUSTER = {
    "version": "1.35",
    "public_access_cidrs": [],
    "administrators": {"platform": "admin"},
    "readers": {},
    "standard": POOL,
    "intensive": POOL,
    "spot_share": 0.3,
    "scaling": {"working_hours": None, "predictive": "off", "cpu_percent": 60},
}
DATABASE = {
    "version": "17",
    "instance_class": "db.r5.xlarge",
    "storage_gb": 1000,
    "max_storage_gb": 10000,
    "multi_az": True,
    "replicas": 2,
    "backup_days": 30,
    "backup_window": "03:00-04:00",
    "maintenance_window": "sun:04:00-sun:05:00",
    "standby_region": None,
    "backups_region": None,
}


def test_the_sources_values_are_accepted() -> None:
    assert str(NetworkPlan.model_validate(NETWORK).cidr) == "10.1.0.0/16"
    assert ClusterPlan.model_validate(CLUSTER).spot_share == 0.3
    assert DatabasePlan.model_validate(DATABASE).replicas == 2


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("cidr", "10.1.0.0/8", "write 10.0.0.0/8"),
        ("cidr", "10.0.0.0/15", "/16"),
        ("cidr", "10.1.0.0/21", "/20"),
        ("cidr", "8.8.0.0/16", "private"),
        ("cidr", "172.20.0.0/16", "Kubernetes services"),
        ("cidr", "10.1.0.0", "/20"),
        ("cidr", "fd00::/16", "IPv4"),
        ("zones", ["eu-west-1a"], "at least 2"),
        ("zones", ["eu-west-1a", "eu-west-1a"], "differ"),
        ("zones", "eu-west-1a", "tuple"),
        ("nat", "none", "'per-zone' or 'single'"),
        ("asn", 65535, "64512"),
        ("asn", True, "a number"),
    ],
)
def test_networks_that_cannot_be_built_are_refused(key: str, value: Any, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        NetworkPlan.model_validate({**NETWORK, key: value})


@pytest.mark.parametrize(("low", "desired", "high"), [(2, 1, 3), (1, 4, 3), (3, 2, 1)])
def test_capacity_out_of_order_is_refused(low: int, desired: int, high: int) -> None:
    with pytest.raises(ValidationError, match="min <= desired <= max"):
        PoolPlan.model_validate({**POOL, "min": low, "desired": desired, "max": high})


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("version", "1.34", "EKS 1.35 or 1.36"),
        ("version", "1.27", "EKS 1.35 or 1.36"),
        ("version", 1.35, "valid string"),
        ("spot_share", 1.5, "less than or equal to 1"),
        ("spot_share", -0.1, "greater than or equal to 0"),
        ("spot_share", True, "a number"),
        ("public_access_cidrs", ["0.0.0.0/0"], "any network but 0.0.0.0/0"),
        ("administrators", {}, "at least 1"),
        ("administrators", {"platform": "arn:aws:iam::123456789012:role/admin"}, "without .arn:aws:iam"),
        ("administrators", {"Platform Team": "admin"}, "lower-case words"),
        ("readers", {"auditor": "admin"}, "not both"),
    ],
)
def test_clusters_that_decisions_rule_out_are_refused(key: str, value: Any, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        ClusterPlan.model_validate({**CLUSTER, key: value})


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("version", "14", "PostgreSQL 17 or 18"),
        ("instance_class", "r5.xlarge", "pattern"),
        ("max_storage_gb", 1099, "at least 1100"),
        ("storage_gb", 10, "greater than or equal to 20"),
        ("backup_days", 0, "greater than or equal to 1"),
        ("backup_days", 36, "less than or equal to 35"),
        ("maintenance_window", "sun:03:30-sun:05:00", "does not overlap"),
        ("multi_az", "sometimes", "boolean"),
    ],
)
def test_databases_that_rds_would_refuse_are_refused(key: str, value: Any, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        DatabasePlan.model_validate({**DATABASE, key: value})


def test_a_version_set_by_the_command_line_as_a_number_is_understood() -> None:
    assert DatabasePlan.model_validate({**DATABASE, "version": 18}).version == "18"


def test_a_tenth_of_growth_is_enough() -> None:
    assert DatabasePlan.model_validate({**DATABASE, "max_storage_gb": 1100}).max_storage_gb == 1100


def test_plans_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        PoolPlan.model_validate(POOL).__setattr__("max", 99)
