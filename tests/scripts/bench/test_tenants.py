"""What is measured of many tenants is their own part of the state, repeated, and what a further one costs."""

import json
from pathlib import Path
from typing import Any

import pytest

from config.load import load
from scripts.bench.tenants import growth, name_of, repeated, write_tenants
from tests.kit.plans import shipped, write

URN = "urn:pulumi:us-east-1::morefocus::{type}::tenant-{name}"


def test_a_tenants_part_of_the_state_stands_as_often_as_there_are_tenants_and_the_rest_once() -> None:
    first = name_of(0)
    of_tenant: dict[str, Any] = {"urn": URN.format(type="Bucket", name=first), "outputs": {"bucket": f"tenant-{first}"}, "parent": "stack"}
    shared: dict[str, Any] = {"urn": "urn:pulumi:us-east-1::morefocus::ConfigMap::migrations", "inputs": {"tenants": f"{first} US starter"}}
    state: dict[str, Any] = {"version": 3, "deployment": {"resources": [shared, of_tenant]}}
    found = repeated(state, 4)["deployment"]["resources"]
    assert len(found) == 1 + 4 and found[0] == shared
    assert {each["outputs"]["bucket"] for each in found[1:]} == {f"tenant-{name_of(number)}" for number in range(4)}
    assert len(state["deployment"]["resources"]) == 2 and len({each["urn"] for each in found}) == 5
    assert json.dumps(found).count(f"{first} US starter") == 1


def test_growth_compares_a_further_tenant_above_200_with_one_below() -> None:
    linear = growth({8: 1.08, 48: 1.48, 96: 1.96, 200: 3.0, 1000: 11.0})
    assert linear == {"lower_ms": 10.0, "upper_ms": 10.0, "ratio": 1.0}
    quadratic = growth({size: size**2 / 10_000 for size in (8, 200, 1000)})
    assert quadratic["ratio"] == pytest.approx(1200 / 208, abs=0.01)


def test_the_tenants_that_are_written_are_ones_that_the_configuration_takes(tmp_path: Path) -> None:
    write(shipped(), tmp_path)
    write_tenants(tmp_path, ["left"])
    write_tenants(tmp_path, map(name_of, range(12)))
    assert [tenant.name for tenant in load("us-east-1", root=tmp_path).tenants] == [name_of(number) for number in range(12)]
