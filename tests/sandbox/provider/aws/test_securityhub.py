"""Security Hub against the emulated cloud."""

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Life, Workbench

ACCOUNT = "aws:securityhub/account:Account"
STANDARD = "aws:securityhub/standardsSubscription:StandardsSubscription"
PRODUCT = "aws:securityhub/productSubscription:ProductSubscription"
AGGREGATOR = "aws:securityhub/findingAggregator:FindingAggregator"
PRACTICES = "arn:aws:securityhub:eu-west-1::standards/aws-foundational-security-best-practices/v/1.0.0"
GUARDDUTY = "arn:aws:securityhub:eu-west-1::product/aws/guardduty"


@pytest.fixture
def hub(workbench: Workbench) -> Life:
    return workbench.made(ACCOUNT, enableDefaultStandards=False, autoEnableControls=False)


def test_an_account_subscribes_as_declared(hub: Life) -> None:
    client = hub.boto("securityhub")
    live = client.describe_hub()
    assert (live["AutoEnableControls"], live["ControlFindingGenerator"]) == (False, "SECURITY_CONTROL")
    assert hub.outputs["arn"] == live["HubArn"]
    assert client.get_enabled_standards()["StandardsSubscriptions"] == []
    assert hub.refresh() == []
    hub.update(enableDefaultStandards=False, autoEnableControls=True, controlFindingGenerator="STANDARD_CONTROL")
    assert client.describe_hub()["ControlFindingGenerator"] == "STANDARD_CONTROL" and client.describe_hub()["AutoEnableControls"]
    client.update_security_hub_configuration(AutoEnableControls=False)
    assert [change.path for change in hub.refresh()] == ["autoEnableControls"]
    assert hub.replaced_by(enableDefaultStandards=True) == {"enableDefaultStandards"}
    hub.delete()
    assert hub.gone()


def test_an_account_that_does_not_say_gets_the_default_standards(workbench: Workbench) -> None:
    life = workbench.made(ACCOUNT)
    held = life.boto("securityhub").get_enabled_standards()["StandardsSubscriptions"]
    assert PRACTICES in {each["StandardsArn"] for each in held} and len(held) == 2
    with pytest.raises(Exception, match="already subscribed"):
        workbench.made(ACCOUNT, logical="second")


def test_a_standard_is_subscribed_to_under_a_known_arn(workbench: Workbench, hub: Life) -> None:
    life = workbench.made(STANDARD, standardsArn=PRACTICES)
    client = life.boto("securityhub")
    (live,) = client.get_enabled_standards()["StandardsSubscriptions"]
    assert (live["StandardsArn"], live["StandardsSubscriptionArn"], live["StandardsStatus"]) == (PRACTICES, life.id, "READY")
    assert life.id == "arn:aws:securityhub:eu-west-1:123456789012:subscription/aws-foundational-security-best-practices/v/1.0.0"
    assert life.refresh() == [] and life.imported()[0]["standardsArn"] == PRACTICES
    assert life.replaced_by(standardsArn=PRACTICES.replace("1.0.0", "2.0.0")) == {"standardsArn"}
    life.delete()
    assert life.gone() and client.get_enabled_standards()["StandardsSubscriptions"] == []


def test_a_product_is_subscribed_to_under_a_known_arn(workbench: Workbench, hub: Life) -> None:
    life = workbench.made(PRODUCT, productArn=GUARDDUTY)
    client = life.boto("securityhub")
    assert client.list_enabled_products_for_import()["ProductSubscriptions"] == [life.outputs["arn"]]
    assert life.outputs["arn"] == "arn:aws:securityhub:eu-west-1:123456789012:product-subscription/aws/guardduty"
    assert life.refresh() == [] and life.imported()[0]["productArn"] == GUARDDUTY
    assert life.replaced_by(productArn=GUARDDUTY.replace("guardduty", "macie")) == {"productArn"}
    life.delete()
    assert life.gone() and client.list_enabled_products_for_import()["ProductSubscriptions"] == []


def test_findings_of_named_regions_are_gathered(workbench: Workbench, hub: Life) -> None:
    life = workbench.made(AGGREGATOR, linkingMode="SPECIFIED_REGIONS", specifiedRegions=["us-east-2"])
    client = life.boto("securityhub")
    assert client.get_finding_aggregator(FindingAggregatorArn=life.id)["Regions"] == ["us-east-2"]
    assert life.refresh() == []
    life.update(linkingMode="ALL_REGIONS")
    assert client.get_finding_aggregator(FindingAggregatorArn=life.id)["RegionLinkingMode"] == "ALL_REGIONS"
    assert life.refresh() == []
    with pytest.raises(InvalidInputs, match="ALL_REGIONS takes no list"):
        life.check(linkingMode="ALL_REGIONS", specifiedRegions=["us-east-2"])
    life.delete()
    assert life.gone()


def test_nothing_is_subscribed_to_before_the_account_is(workbench: Workbench) -> None:
    with pytest.raises(Exception, match="not subscribed"):
        workbench.made(STANDARD, standardsArn=PRACTICES)
