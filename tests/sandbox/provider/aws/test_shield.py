"""Shield Advanced against the emulated cloud."""

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Workbench

SUBSCRIPTION = "aws:shield/subscription:Subscription"
PROTECTION = "aws:shield/protection:Protection"
DISTRIBUTION = "arn:aws:cloudfront::123456789012:distribution/E1"


def test_a_subscription_stays_and_only_its_renewal_ends(workbench: Workbench) -> None:
    life = workbench.made(SUBSCRIPTION)
    shield = life.boto("shield", "us-east-1")
    assert shield.describe_subscription()["Subscription"]["AutoRenew"] == "ENABLED"
    assert life.refresh() == []
    life.update(autoRenew="DISABLED")
    assert shield.describe_subscription()["Subscription"]["AutoRenew"] == "DISABLED"
    life.update(autoRenew="ENABLED")
    life.delete()
    assert shield.describe_subscription()["Subscription"]["AutoRenew"] == "DISABLED"
    assert workbench.made(SUBSCRIPTION, logical="again").refresh() == [], "the year that is paid for is taken up again"


def test_a_protection_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.made(PROTECTION, name="web", resourceArn=DISTRIBUTION, tags={"owner": "platform"})
    shield = life.boto("shield", "us-east-1")
    live = shield.describe_protection(ProtectionId=life.id)["Protection"]
    assert (live["Name"], live["ResourceArn"], live["ProtectionArn"]) == ("web", DISTRIBUTION, life.outputs["arn"])
    assert life.refresh() == []
    life.update(name="web", resourceArn=DISTRIBUTION, tags={"owner": "security"})
    assert shield.list_tags_for_resource(ResourceARN=life.outputs["arn"])["Tags"] == [{"Key": "owner", "Value": "security"}]
    assert life.imported()[0]["resourceArn"] == DISTRIBUTION
    assert life.replaced_by(name="other", resourceArn=DISTRIBUTION) == {"name"}
    life.delete()
    assert life.gone()


def test_renewal_is_on_or_off(workbench: Workbench) -> None:
    with pytest.raises(InvalidInputs, match="ENABLED"):
        workbench.life(SUBSCRIPTION).check(autoRenew="yes")
