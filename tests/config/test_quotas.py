"""Quotas that the plans would exceed are named with the command that asks for more."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from components.cluster.capacity import PoolSize, share
from config.errors import ConfigError
from config.load import load
from config.quotas import ADDRESSES, CALLS, DATABASES, NETWORKS, ON_DEMAND, SPOT, TABLE, needs, vcpus
from tests.kit.plans import shipped, stack, write

TODAY = date(2026, 11, 22)


def told(root: Path, name: str = "sa-east-1", **facts: Any) -> str:
    """What a preview of the stack tells, with more facts of the estate."""
    documents = shipped()
    documents["config/estate.yaml"] |= facts
    return said(write(documents, root), name)


def said(root: Path, name: str) -> str:
    return "\n".join(notice.text for notice in load(name, root=root, today=TODAY).notices)


def test_on_demand_and_spot_vcpus_are_those_of_the_pools_at_their_most() -> None:
    plan = load("sa-east-1").plan
    found = needs([plan], [plan])
    groups = [
        (vcpus(pool.instance_type), share(PoolSize(minimum=pool.min, desired=pool.desired, maximum=pool.max), 30))
        for pool in (plan.cluster.standard, plan.cluster.intensive)
    ]
    assert found[ON_DEMAND] == sum((each or 0) * (shares.on_demand.maximum if shares.on_demand else 0) for each, shares in groups)
    assert found[SPOT] == sum((each or 0) * (shares.spot.maximum if shares.spot else 0) for each, shares in groups)


def test_what_staging_has_beside_production_counts_in_the_region_they_share() -> None:
    estate = load("eu-west-1").estate
    production, staging = estate.plans["eu-west-1"], estate.plans["staging"]
    alone, both = needs([production], [production]), needs([production, staging], [production, staging])
    assert both[NETWORKS] == (alone[NETWORKS] or 0) + 1
    assert (both[ADDRESSES] or 0) > (alone[ADDRESSES] or 0)
    assert (both[DATABASES] or 0) > (alone[DATABASES] or 0)


def test_a_preview_names_each_exceeded_quota_and_the_command_that_asks_for_more(tmp_path: Path) -> None:
    text = told(tmp_path)
    assert "vCPUs of running on-demand standard instances in sa-east-1" in text
    assert "--service-code ec2 --quota-code L-1216C47A --desired-value" in text
    assert "--region sa-east-1" in text
    assert "VPCs in sa-east-1" not in text, "two of five"


def test_what_was_granted_in_the_region_is_enough_there_and_nowhere_else(tmp_path: Path) -> None:
    granted = [{"region": "sa-east-1", "code": quota.code, "value": 1000} for quota in TABLE]
    assert "quota-code" not in told(tmp_path, quotas=granted)
    assert "L-1216C47A" in said(tmp_path, "us-east-1")


def test_less_than_is_needed_was_granted(tmp_path: Path) -> None:
    text = told(tmp_path, quotas=[{"region": "sa-east-1", "code": "L-1216C47A", "value": 6}])
    assert "granted is 6" in text


def test_vcpus_that_are_not_known_are_not_guessed(tmp_path: Path) -> None:
    documents = shipped()
    pool = {"instance_type": "g5.xlarge", "spot_instance_types": ["g5.xlarge"], "min": 0, "desired": 0, "max": 4}
    stack(documents, "sa-east-1")["morefocus:cluster"]["intensive"] = pool
    assert "unresolved, since the vCPUs" in said(write(documents, tmp_path), "sa-east-1")


def test_a_code_that_is_not_counted_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="a code of L-1216C47A"):
        told(tmp_path, quotas=[{"region": "sa-east-1", "code": "L-00000000", "value": 6}])


@pytest.mark.parametrize(
    ("instance_type", "found"),
    [
        ("t3.large", 2),
        ("c5.xlarge", 4),
        ("m6i.2xlarge", 8),
        ("r5.24xlarge", 96),
        ("t3.micro", None),
        ("m5.metal", None),
        ("p4d.24xlarge", None),
    ],
)
def test_vcpus_follow_from_the_size_of_standard_families(instance_type: str, found: int | None) -> None:
    assert vcpus(instance_type) == found


def test_calls_that_functions_reserve_count_with_those_that_lambda_never_reserves() -> None:
    plan, staging = load("us-east-1").plan, load("eu-west-1").estate.plans["staging"]
    reserved = plan.scheduling.functions.reserved
    assert reserved > 0 and needs([plan, staging], [plan, staging])[CALLS] == reserved + 100
    off = plan.model_copy(update={"scheduling": plan.scheduling.model_copy(update={"enabled": False})})
    assert needs([off], [off])[CALLS] == 100
