"""What watches the shipped estate, and that patches reach what it runs."""

import copy
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from config.errors import ConfigError
from config.load import load
from config.models import RegionPlan
from tests.kit.composed import composed, shipped_graph
from tests.kit.plans import STACKS, shipped, stack, write
from tests.kit.recorder import Graph

PRODUCTION = ("eu-west-1", "sa-east-1", "us-east-1")
ONCE = (
    "aws:guardduty/detector:Detector",
    "aws:securityhub/account:Account",
    "aws:cfg/recorder:Recorder",
    "aws:inspector2/enabler:Enabler",
    "aws:macie2/account:Account",
)
"""Types of which AWS refuses a second one in an account and region."""


def with_guarding(tmp_path: Path, name: str, **more: Any) -> Graph:
    documents = copy.deepcopy(shipped())
    stack(documents, name)["morefocus:guarding"] = more
    return composed(load(name, root=write(documents, tmp_path)))


@pytest.mark.parametrize("type_", ONCE)
def test_every_production_region_is_watched_once_and_staging_by_production(type_: str) -> None:
    assert [name for name in STACKS if shipped_graph(name).of_type(type_)] == list(PRODUCTION)
    assert all(len(shipped_graph(name).of_type(type_)) == 1 for name in PRODUCTION)


def test_staging_in_an_account_of_its_own_is_watched_a_little(tmp_path: Path) -> None:
    documents = copy.deepcopy(shipped())
    stack(documents, "staging")["aws:allowedAccountIds"] = ["210987654321"]
    graph = composed(load("staging", root=write(documents, tmp_path)))
    assert graph.one("aws:inspector2/enabler:Enabler").inputs["resourceTypes"] == ["ECR"]
    assert graph.one("aws:cfg/recorder:Recorder").inputs["recordingMode"] == {"recordingFrequency": "DAILY"}
    assert graph.of_type("aws:guardduty/detector:Detector") and not graph.of_type("aws:macie2/account:Account")


def test_what_is_in_no_region_is_recorded_and_judged_by_the_hub_alone() -> None:
    recorded = {
        name: shipped_graph(name).one("aws:cfg/recorder:Recorder").inputs["recordingGroup"]["includeGlobalResourceTypes"]
        for name in PRODUCTION
    }
    assert recorded == {"eu-west-1": False, "sa-east-1": False, "us-east-1": True}
    judged = [
        name
        for name in PRODUCTION
        for rule in shipped_graph(name).of_type("aws:cfg/rule:Rule")
        if rule.inputs["source"]["sourceIdentifier"] == "ROOT_ACCOUNT_MFA_ENABLED"
    ]
    assert judged == ["us-east-1"]


@pytest.mark.parametrize("name", PRODUCTION)
def test_findings_and_history_stay_in_their_region(name: str) -> None:
    graph = shipped_graph(name)
    logs = graph.named("logs-bucket").inputs["bucket"]
    destination = graph.one("aws:guardduty/publishingDestination:PublishingDestination").inputs
    assert destination["destinationArn"] == f"arn:aws:s3:::{logs}/guardduty"
    assert graph.one("aws:cfg/deliveryChannel:DeliveryChannel").inputs["s3BucketName"] == logs
    assert not graph.of_type("aws:securityhub/findingAggregator:FindingAggregator")


@pytest.mark.parametrize("name", STACKS)
def test_guardduty_may_write_where_it_is_told_to_and_nowhere_else(name: str) -> None:
    statements = json.loads(shipped_graph(name).named("logs-policy").inputs["policy"])["Statement"]
    own = [each for each in statements if each.get("Principal") == {"Service": "guardduty.amazonaws.com"}]
    if name == "staging":
        assert not own
        return
    (write_,) = [each for each in own if each["Action"] == "s3:PutObject"]
    assert write_["Resource"].endswith("-logs/guardduty/*")
    assert all(each["Condition"]["ArnLike"]["aws:SourceArn"].startswith(f"arn:aws:guardduty:{name}:") for each in own)


def test_rules_wait_until_something_is_recorded_and_standards_as_well() -> None:
    graph = shipped_graph("eu-west-1")
    status = graph.one("aws:cfg/recorderStatus:RecorderStatus").urn
    waiting = [*graph.of_type("aws:cfg/rule:Rule")]
    assert waiting and all(status in each.depends_on for each in waiting)


def test_findings_of_another_region_need_their_row_in_the_register(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no row for personal data from eu-west-1 to us-east-1"):
        with_guarding(tmp_path, "us-east-1", findings_of=["eu-west-1"])


def test_a_switch_takes_its_service_away_and_leaves_the_others(tmp_path: Path) -> None:
    graph = with_guarding(tmp_path, "eu-west-1", threat_detection=False, data_discovery=False)
    assert [type_ for type_ in ONCE if not graph.of_type(type_)] == ["aws:guardduty/detector:Detector", "aws:macie2/account:Account"]
    assert "guardduty" not in graph.named("logs-policy").inputs["policy"]


@pytest.mark.parametrize(("name", "entries", "subscriptions"), [("us-east-1", {"entry", "web", "domain"}, 1), ("eu-west-1", {"entry"}, 0)])
def test_shield_advanced_protects_every_public_entry_for_one_subscription(
    tmp_path: Path, name: str, entries: set[str], subscriptions: int
) -> None:
    graph = with_guarding(tmp_path, name, shield_advanced=True)
    protections = graph.of_type("aws:shield/protection:Protection")
    assert {each.name.removeprefix("floods-") for each in protections} == entries
    assert len(graph.of_type("aws:shield/subscription:Subscription")) == subscriptions
    assert not [name for name in STACKS if shipped_graph(name).of_type("aws:shield/subscription:Subscription")]


def test_the_price_of_shield_advanced_is_told_in_the_preview() -> None:
    settings = load("us-east-1")
    plan = settings.plan.model_copy(update={"guarding": settings.plan.guarding.model_copy(update={"shield_advanced": True})})
    assert isinstance(plan, RegionPlan)
    estate = replace(settings.estate, plans={**settings.estate.plans, "us-east-1": plan})
    told = [notice.text for notice in estate.notices("us-east-1", date(2026, 11, 22))]
    assert any(text.startswith("Shield Advanced: about 3000 USD a month") for text in told)


@pytest.mark.parametrize("name", STACKS)
@pytest.mark.parametrize("type_", ["aws:rds/instance:Instance", "aws:elasticache/replicationGroup:ReplicationGroup"])
def test_security_patches_reach_stores_by_themselves(name: str, type_: str) -> None:
    stores = shipped_graph(name).of_type(type_)
    assert stores
    assert all(store.inputs["autoMinorVersionUpgrade"] is True for store in stores)
    assert all(store.inputs.get("maintenanceWindow") for store in stores)


@pytest.mark.parametrize("name", STACKS)
def test_security_patches_reach_every_node_group_by_the_clock(name: str) -> None:
    graph = shipped_graph(name)
    called = [
        json.loads(each.inputs["target"]["input"])
        for each in graph.of_type("aws:scheduler/schedule:Schedule")
        if "eks" in each.inputs["target"]["arn"]
    ]
    groups = graph.of_type("aws:eks/nodeGroup:NodeGroup")
    assert groups and len(called) == len(groups)
    assert {call["ClusterName"] for call in called} == {each.inputs["clusterName"] for each in groups}
