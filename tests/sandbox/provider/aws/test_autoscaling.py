"""Schedules and policies of a node group's Auto Scaling group against the emulated cloud."""

from typing import Any

import botocore.exceptions
import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Life, Workbench
from tests.sandbox.provider.aws.eks.ground import make_cluster, subnets

GROUP = "aws:eks/nodeGroup:NodeGroup"
SCHEDULE = "aws:autoscaling/schedule:Schedule"
POLICY = "aws:autoscaling/policy:Policy"


def nodes(workbench: Workbench, cluster: Life, name: str) -> Life:
    return workbench.made(
        GROUP,
        logical=name,
        clusterName=cluster.id,
        nodeGroupName=name,
        nodeRoleArn="arn:aws:iam::123456789012:role/nodes",
        subnetIds=subnets(cluster),
        scalingConfig={"minSize": 2, "desiredSize": 3, "maxSize": 10},
    )


def group_of(life: Life) -> str:
    return str(life.outputs["resources"][0]["autoscalingGroups"][0]["name"])


@pytest.fixture
def cluster(workbench: Workbench) -> Life:
    return make_cluster(workbench)


@pytest.fixture
def standard(workbench: Workbench, cluster: Life) -> Life:
    return nodes(workbench, cluster, "standard")


def morning(group: str, **more: Any) -> dict[str, Any]:
    return {
        "autoscalingGroupName": group,
        "scheduledActionName": "working-hours",
        "minSize": 4,
        "maxSize": -1,
        "desiredCapacity": -1,
        "recurrence": "0 7 * * 1,2,3,4,5",
        "timeZone": "Europe/Dublin",
    } | more


def predicted(group: str, mode: str = "ForecastOnly") -> dict[str, Any]:
    metric = {"targetValue": 60, "predefinedMetricPairSpecification": {"predefinedMetricType": "ASGCPUUtilization"}}
    return {
        "autoscalingGroupName": group,
        "name": "predictive",
        "policyType": "PredictiveScaling",
        "predictiveScalingConfiguration": {
            "mode": mode,
            "schedulingBufferTime": "300",
            "maxCapacityBreachBehavior": "HonorMaxCapacity",
            "metricSpecification": metric,
        },
    }


def actions(life: Life, group: str) -> list[dict[str, Any]]:
    return list(life.boto("autoscaling").describe_scheduled_actions(AutoScalingGroupName=group)["ScheduledUpdateGroupActions"])


def policies(life: Life, group: str) -> list[dict[str, Any]]:
    return list(life.boto("autoscaling").describe_policies(AutoScalingGroupName=group)["ScalingPolicies"])


def test_a_schedule_lives_as_declared(workbench: Workbench, standard: Life) -> None:
    group = group_of(standard)
    life = workbench.life(SCHEDULE)
    made = life.create(**morning(group))
    (live,) = actions(life, group)
    assert (live["MinSize"], live["Recurrence"], live["TimeZone"]) == (4, "0 7 * * 1,2,3,4,5", "Europe/Dublin")
    assert "MaxSize" not in live
    assert "DesiredCapacity" not in live
    assert made["arn"] == live["ScheduledActionARN"]
    assert life.refresh() == []

    life.update(**morning(group, minSize=5))
    (live,) = actions(life, group)
    assert live["MinSize"] == 5
    life.boto("autoscaling").put_scheduled_update_group_action(
        AutoScalingGroupName=group, ScheduledActionName="working-hours", MinSize=1, Recurrence="0 7 * * *", TimeZone="Europe/Dublin"
    )
    assert {change.path for change in life.refresh()} == {"minSize", "recurrence"}
    life.delete()
    assert life.gone()


def test_a_size_that_is_not_given_becomes_zero_as_with_aws(workbench: Workbench, standard: Life) -> None:
    group = group_of(standard)
    night = {"autoscalingGroupName": group, "scheduledActionName": "night", "recurrence": "0 20 * * *"}
    workbench.made(SCHEDULE, **night)
    (live,) = actions(standard, group)
    assert (live["MinSize"], live["MaxSize"], live["DesiredCapacity"]) == (0, 0, 0)


def test_two_groups_may_use_the_same_names(workbench: Workbench, cluster: Life, standard: Life) -> None:
    other = group_of(nodes(workbench, cluster, "intensive"))
    group = group_of(standard)
    first = workbench.made(SCHEDULE, logical="first", **morning(group))
    second = workbench.made(SCHEDULE, logical="second", **morning(other))
    workbench.made(POLICY, logical="third", **predicted(group))
    fourth = workbench.made(POLICY, logical="fourth", **predicted(other))
    first.delete()
    assert (len(actions(second, group)), len(actions(second, other))) == (0, 1)
    fourth.delete()
    assert (len(policies(second, group)), len(policies(second, other))) == (1, 0)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"minSize": -1}, "at least one of"),
        ({"minSize": 4, "maxSize": 3}, "at most maxSize"),
        ({"recurrence": None}, "recurrence or a startTime"),
    ],
)
def test_an_action_that_would_do_nothing_or_harm_is_refused(workbench: Workbench, wrong: dict[str, Any], said: str) -> None:
    inputs = {key: value for key, value in morning("eks-standard", **wrong).items() if value is not None}
    with pytest.raises(InvalidInputs, match=said):
        workbench.life(SCHEDULE).check(**inputs)


def test_a_predictive_policy_lives_as_declared(workbench: Workbench, standard: Life) -> None:
    group = group_of(standard)
    life = workbench.life(POLICY)
    life.create(**predicted(group))
    (live,) = policies(life, group)
    assert live["PolicyType"] == "PredictiveScaling"
    assert live["Enabled"] is True
    configuration = live["PredictiveScalingConfiguration"]
    assert (configuration["Mode"], configuration["SchedulingBufferTime"]) == ("ForecastOnly", 300)
    (metric,) = configuration["MetricSpecifications"]
    assert metric["TargetValue"] == 60
    assert metric["PredefinedMetricPairSpecification"]["PredefinedMetricType"] == "ASGCPUUtilization"
    assert life.refresh() == []

    life.update(**predicted(group, "ForecastAndScale"))
    assert policies(life, group)[0]["PredictiveScalingConfiguration"]["Mode"] == "ForecastAndScale"
    assert life.refresh() == []
    life.delete()
    assert life.gone()


def test_a_predictive_policy_without_its_configuration_is_refused(workbench: Workbench) -> None:
    with pytest.raises(InvalidInputs, match="predictiveScalingConfiguration"):
        workbench.life(POLICY).check(autoscalingGroupName="eks-standard", name="predictive", policyType="PredictiveScaling")


def test_a_group_that_does_not_exist_takes_no_schedule(workbench: Workbench, standard: Life) -> None:
    with pytest.raises(botocore.exceptions.ClientError, match="not found"):
        standard.boto("autoscaling").put_scheduled_update_group_action(
            AutoScalingGroupName="eks-none", ScheduledActionName="night", MinSize=1
        )
    assert actions(standard, group_of(standard)) == []


def test_a_node_groups_scaling_group_is_there_grows_with_it_and_ends_with_it(workbench: Workbench, cluster: Life) -> None:
    life = nodes(workbench, cluster, "standard")
    scaling, name = life.boto("autoscaling"), group_of(life)

    def live() -> dict[str, Any]:
        found: dict[str, Any] = scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"][0]
        return found

    assert (live()["MinSize"], live()["DesiredCapacity"], live()["MaxSize"]) == (2, 3, 10)
    assert sorted(live()["VPCZoneIdentifier"].split(",")) == subnets(cluster)
    inputs = {key: value for key, value in life.inputs.items() if key != "scalingConfig"}
    life.update(**inputs, scalingConfig={"minSize": 1, "desiredSize": 2, "maxSize": 4})
    assert (live()["MinSize"], live()["DesiredCapacity"], live()["MaxSize"]) == (1, 2, 4)
    life.delete()
    assert scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"] == []
