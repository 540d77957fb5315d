"""Anomaly monitors, subscriptions and cost-allocation tags against the emulated cloud."""

import json
from typing import Any

import botocore.exceptions
import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Life, Workbench

MONITOR = "aws:costexplorer/anomalyMonitor:AnomalyMonitor"
SUBSCRIPTION = "aws:costexplorer/anomalySubscription:AnomalySubscription"
TAG = "aws:costexplorer/costAllocationTag:CostAllocationTag"
TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts"
SERVICES = {"name": "services", "monitorType": "DIMENSIONAL", "monitorDimension": "SERVICE"}
CENTRE: dict[str, Any] = {
    "name": "platform",
    "monitorType": "CUSTOM",
    "monitorSpecification": json.dumps({"Tags": {"Key": "cost-centre", "Values": ["platform"], "MatchOptions": None}}),
}


def above(amount: int) -> dict[str, Any]:
    return {"dimension": {"key": "ANOMALY_TOTAL_IMPACT_ABSOLUTE", "matchOptions": ["GREATER_THAN_OR_EQUAL"], "values": [str(amount)]}}


def explorer(life: Life) -> Any:
    return life.boto("ce", "us-east-1")


@pytest.mark.parametrize("declared", [SERVICES, CENTRE])
def test_a_monitor_lives_as_declared(workbench: Workbench, declared: dict[str, Any]) -> None:
    life = workbench.life(MONITOR)
    made = life.create(**declared, tags={"owner": "platform"})
    (live,) = explorer(life).get_anomaly_monitors(MonitorArnList=[made["arn"]])["AnomalyMonitors"]
    assert (live["MonitorName"], live["MonitorType"]) == (declared["name"], declared["monitorType"])
    assert live.get("MonitorSpecification", {}).get("Tags", {}).get("Key") == ("cost-centre" if declared is CENTRE else None)
    assert life.refresh() == []

    life.update(**declared | {"name": "renamed"}, tags={"owner": "finance"})
    (live,) = explorer(life).get_anomaly_monitors(MonitorArnList=[made["arn"]])["AnomalyMonitors"]
    assert live["MonitorName"] == "renamed"
    assert explorer(life).list_tags_for_resource(ResourceArn=made["arn"])["ResourceTags"] == [{"Key": "owner", "Value": "finance"}]
    assert life.imported()[0]["name"] == "renamed"

    life.delete()
    assert life.gone()


def test_an_account_has_one_monitor_over_all_services(workbench: Workbench) -> None:
    life = workbench.made(MONITOR, **SERVICES)
    with pytest.raises(botocore.exceptions.ClientError, match="LimitExceeded"):
        explorer(life).create_anomaly_monitor(
            AnomalyMonitor={"MonitorName": "again", "MonitorType": "DIMENSIONAL", "MonitorDimension": "SERVICE"}
        )
    assert life.replaced_by(**CENTRE) >= {"monitorType", "monitorSpecification"}


def test_a_subscription_lives_as_declared(workbench: Workbench) -> None:
    monitor = workbench.made(MONITOR, **SERVICES)
    declared: dict[str, Any] = {
        "name": "alerts",
        "frequency": "IMMEDIATE",
        "monitorArnLists": [monitor.id],
        "subscribers": [{"type": "SNS", "address": TOPIC}],
        "thresholdExpression": above(50),
    }
    life = workbench.life(SUBSCRIPTION)
    life.create(**declared)
    (live,) = explorer(life).get_anomaly_subscriptions(SubscriptionArnList=[life.id])["AnomalySubscriptions"]
    assert live["ThresholdExpression"]["Dimensions"] == {
        "Key": "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
        "Values": ["50"],
        "MatchOptions": ["GREATER_THAN_OR_EQUAL"],
    }
    assert [(each["Type"], each["Address"]) for each in live["Subscribers"]] == [("SNS", TOPIC)]
    assert life.refresh() == []

    life.update(**declared | {"thresholdExpression": above(100)})
    (live,) = explorer(life).get_anomaly_subscriptions(SubscriptionArnList=[life.id])["AnomalySubscriptions"]
    assert live["ThresholdExpression"]["Dimensions"]["Values"] == ["100"]
    assert life.refresh() == []
    life.delete()
    assert life.gone()


def test_a_topic_can_be_told_at_once_only(workbench: Workbench) -> None:
    with pytest.raises(InvalidInputs, match="IMMEDIATE"):
        workbench.life(SUBSCRIPTION).check(
            name="alerts",
            frequency="DAILY",
            monitorArnLists=["arn:aws:ce::123456789012:anomalymonitor/00000000-0000-0000-0000-000000000000"],
            subscribers=[{"type": "SNS", "address": TOPIC}],
            thresholdExpression=above(50),
        )


@pytest.mark.parametrize("wrong", [{"monitorDimension": None}, {"monitorType": "CUSTOM"}])
def test_a_monitor_needs_what_its_type_watches(workbench: Workbench, wrong: dict[str, Any]) -> None:
    inputs = {key: value for key, value in (SERVICES | wrong).items() if value is not None}
    with pytest.raises(InvalidInputs, match="needs it"):
        workbench.life(MONITOR).check(**inputs)


def test_a_cost_allocation_tag_is_active_until_its_end(workbench: Workbench) -> None:
    life = workbench.life(TAG)
    assert life.create(tagKey="cost-centre", status="Active")["type"] == "UserDefined"
    tags = explorer(life).list_cost_allocation_tags(TagKeys=["cost-centre"])["CostAllocationTags"]
    assert [(tag["TagKey"], tag["Status"]) for tag in tags] == [("cost-centre", "Active")]
    assert life.refresh() == []
    assert life.imported()[0] == {"tagKey": "cost-centre", "status": "Active"}
    life.delete()
    tags = explorer(life).list_cost_allocation_tags(TagKeys=["cost-centre"])["CostAllocationTags"]
    assert [tag["Status"] for tag in tags] == ["Inactive"]


def test_another_status_is_refused(workbench: Workbench) -> None:
    with pytest.raises(InvalidInputs, match="Active or Inactive"):
        workbench.life(TAG).check(tagKey="cost-centre", status="on")
