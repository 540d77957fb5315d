"""Hours and forecasts of a cluster's pools, as the files give them."""

from pathlib import Path
from typing import Any

import pytest

from config.errors import ConfigError
from config.load import load
from tests.kit.plans import shipped, stack, write

HOURS = {"time_zone": "America/Sao_Paulo", "days": ["mon", "fri"], "start": "07:00", "end": "20:00"}


def _cluster(root: Path, **more: Any) -> None:
    documents = shipped()
    stack(documents, "sa-east-1")["morefocus:cluster"] |= more
    write(documents, root)


@pytest.mark.parametrize(
    ("name", "zone"), [("us-east-1", "America/New_York"), ("eu-west-1", "Europe/Dublin"), ("sa-east-1", "America/Sao_Paulo")]
)
def test_each_production_region_works_in_its_customers_time(name: str, zone: str) -> None:
    hours = load(name).plan.cluster.scaling.working_hours
    assert hours is not None
    assert (hours.time_zone, len(hours.days)) == (zone, 5)


def test_what_is_predicted_starts_nothing_unless_it_is_told_to() -> None:
    assert load("us-east-1").plan.cluster.scaling.predictive == "forecast"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"time_zone": "America/Sao_Paolo"}, "write 'America/Sao_Paulo'"),
        ({"start": "7:00"}, "a time from 00:00 to 23:59"),
        ({"start": "21:00"}, "a time after start (21:00)"),
        ({"days": ["mon", "mon"]}, "days that differ"),
        ({"days": ["monday"]}, "'mon', 'tue'"),
    ],
)
def test_hours_that_are_none_are_refused_with_what_to_write(tmp_path: Path, wrong: dict[str, Any], said: str) -> None:
    _cluster(tmp_path, scaling={"working_hours": HOURS | wrong})
    with pytest.raises(ConfigError) as caught:
        load("sa-east-1", root=tmp_path)
    assert said in str(caught.value)
    assert "Pulumi.sa-east-1.yaml" in str(caught.value)


def test_a_pool_keeps_no_fewer_nodes_in_working_hours_than_at_others(tmp_path: Path) -> None:
    _cluster(tmp_path, standard={"instance_type": "t3.large", "min": 2, "desired": 2, "max": 12, "working_min": 1})
    with pytest.raises(ConfigError, match="2 to 12, the pool's min to max"):
        load("sa-east-1", root=tmp_path)
