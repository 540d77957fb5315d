from typing import Any

import pytest

from components.cluster.capacity import PoolSize
from components.cluster.node_pool import PoolArgs
from components.cluster.node_scaling import NodeScaling, NodeScalingArgs, Scaling, WorkingHours, recurrence
from tests.components.cluster.made import a_pool
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record

SCHEDULE, POLICY = "aws:autoscaling/schedule:Schedule", "aws:autoscaling/policy:Policy"
HOURS = WorkingHours(time_zone="America/Sao_Paulo", days=("mon", "tue", "wed", "thu", "fri"), start="07:00", end="20:30")


def _scaling(**more: Any) -> Graph:
    args = NodeScalingArgs(auto_scaling_group="eks-standard", quiet_min=0, working_min=3, scaling=Scaling(**{"hours": HOURS} | more))
    return record(lambda: NodeScaling("standard-scaling", a_context(), args))


def _pool(**more: Any) -> Graph:
    pool = PoolArgs(name="standard", instance_type="t3.large", size=PoolSize(minimum=2, desired=4, maximum=10), **more)
    return a_pool(pool)


def test_the_limit_rises_in_the_morning_and_falls_in_the_evening_in_the_customers_time() -> None:
    actions = {each.inputs["scheduledActionName"]: each.inputs for each in _scaling().of_type(SCHEDULE)}
    assert {name: (each["minSize"], each["recurrence"]) for name, each in actions.items()} == {
        "working-hours": (3, "0 7 * * 1,2,3,4,5"),
        "quiet-hours": (0, "30 20 * * 1,2,3,4,5"),
    }
    assert {each["timeZone"] for each in actions.values()} == {"America/Sao_Paulo"}


def test_the_clock_ends_no_node_by_itself() -> None:
    for each in _scaling().of_type(SCHEDULE):
        assert (each.inputs["maxSize"], each.inputs["desiredCapacity"]) == (-1, -1), "left out, they would become 0"


@pytest.mark.parametrize(("predictive", "mode"), [("forecast", "ForecastOnly"), ("scale", "ForecastAndScale")])
def test_the_load_is_predicted_from_cpu_within_the_groups_limits(predictive: str, mode: str) -> None:
    policy = _scaling(predictive=predictive, cpu_percent=55).one(POLICY).inputs
    configuration = policy["predictiveScalingConfiguration"]
    assert (policy["policyType"], configuration["mode"]) == ("PredictiveScaling", mode)
    assert configuration["maxCapacityBreachBehavior"] == "HonorMaxCapacity"
    assert configuration["metricSpecification"] == {
        "targetValue": 55,
        "predefinedMetricPairSpecification": {"predefinedMetricType": "ASGCPUUtilization"},
    }


def test_without_hours_and_forecast_nothing_but_demand_scales() -> None:
    assert _pool().of_type(SCHEDULE) == []
    assert _pool().of_type(POLICY) == []
    assert _scaling(hours=None).of_type(SCHEDULE) == []


def test_both_groups_of_a_pool_keep_their_share_of_the_working_hours_nodes() -> None:
    graph = _pool(working_min=6, spot_percent=30, scaling=Scaling(hours=HOURS, predictive="forecast"))
    kept = {
        (each.inputs["autoscalingGroupName"], each.inputs["scheduledActionName"]): each.inputs["minSize"]
        for each in graph.of_type(SCHEDULE)
    }
    assert kept == {
        ("eks-cluster-standard-on-demand", "working-hours"): 4,
        ("eks-cluster-standard-on-demand", "quiet-hours"): 1,
        ("eks-cluster-standard-spot", "working-hours"): 2,
        ("eks-cluster-standard-spot", "quiet-hours"): 1,
    }
    assert len(graph.of_type(POLICY)) == 2


def test_a_group_that_keeps_as_many_at_all_hours_needs_no_clock() -> None:
    assert _pool(working_min=2, scaling=Scaling(hours=HOURS)).of_type(SCHEDULE) == []


def test_a_time_on_days_of_the_week_is_a_cron_expression() -> None:
    assert recurrence("07:05", ["sat", "sun"]) == "5 7 * * 0,6"
    with pytest.raises(ValueError, match="HH:MM"):
        recurrence("24:00", ["sat"])


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: WorkingHours(time_zone="UTC", days=("mon",), start="20:00", end="07:00"), "end must be after start"),
        (lambda: WorkingHours(time_zone="UTC", days=("Monday",), start="07:00", end="20:00"), "days must be some of"),
        (lambda: Scaling(cpu_percent=100), "cpu_percent must be 10 to 90"),
        (lambda: NodeScalingArgs(auto_scaling_group="x", quiet_min=2, working_min=1, scaling=Scaling()), "working_min must be at least"),
    ],
)
def test_sizes_and_hours_that_make_no_sense_are_refused(wrong: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        wrong()


def test_a_pools_working_hours_lie_within_its_size() -> None:
    with pytest.raises(ValueError, match="working_min of pool standard must be 2 to 10"):
        _pool(working_min=11)
