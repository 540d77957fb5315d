"""Usage plans and API keys against the emulated cloud."""

from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.cloud import EmulatedCloud
from tests.kit.provider import Workbench
from tests.sandbox.provider.aws.apigateway.ground import a_stage, an_api

PLAN = "aws:apigateway/usagePlan:UsagePlan"
KEY = "aws:apigateway/apiKey:ApiKey"
PLACE = "aws:apigateway/usagePlanKey:UsagePlanKey"


def test_a_plan_with_its_key_lives_as_declared(workbench: Workbench) -> None:
    api = an_api(workbench)
    a_stage(workbench, api)
    given: dict[str, Any] = {
        "name": "frontend",
        "description": "A thousand a minute",
        "apiStages": [{"apiId": api.id, "stage": "live", "throttles": [{"path": "/v1/bookings/POST", "rateLimit": 2.5, "burstLimit": 5}]}],
        "throttleSettings": {"rateLimit": 16.67, "burstLimit": 100},
        "quotaSettings": {"limit": 60_000, "period": "DAY"},
        "tags": {"component": "scheduling"},
    }
    plan = workbench.made(PLAN, **given)
    gateway = plan.boto("apigateway")
    live = gateway.get_usage_plan(usagePlanId=plan.id)
    assert live["throttle"] == {"rateLimit": 16.67, "burstLimit": 100}
    assert live["apiStages"][0]["throttle"] == {"/v1/bookings/POST": {"rateLimit": 2.5, "burstLimit": 5}}
    assert plan.refresh() == []
    assert plan.imported()[0]["apiStages"] == given["apiStages"]

    key = workbench.made(KEY, name="frontend", description="The site", tags={"component": "site"})
    assert len(key.outputs["value"]) >= 20
    place = workbench.made(PLACE, usagePlanId=plan.id, keyId=key.id, keyType="API_KEY")
    assert [item["id"] for item in gateway.get_usage_plan_keys(usagePlanId=plan.id)["items"]] == [key.id]
    assert place.outputs["value"] == key.outputs["value"]
    assert place.refresh() == key.refresh() == []
    assert place.replaced_by(usagePlanId=plan.id, keyId="other", keyType="API_KEY") == {"keyId"}

    stages = [{"apiId": api.id, "stage": "live", "throttles": [{"path": "/v1/bookings/POST", "rateLimit": 4, "burstLimit": 8}]}]
    plan.update(**{**given, "apiStages": stages})
    live = gateway.get_usage_plan(usagePlanId=plan.id)
    assert live["apiStages"][0]["throttle"] == {"/v1/bookings/POST": {"rateLimit": 4, "burstLimit": 8}}
    assert plan.refresh() == []
    plan.update(name="site", apiStages=[{"apiId": api.id, "stage": "live"}], throttleSettings={"rateLimit": 20, "burstLimit": 100})
    live = gateway.get_usage_plan(usagePlanId=plan.id)
    assert (live["name"], live["throttle"]["rateLimit"], "quota" in live) == ("site", 20, False)
    assert "throttle" not in live["apiStages"][0]
    assert plan.refresh() == []
    key.update(name="site", enabled=False, tags={})
    assert (key.boto("apigateway").get_api_key(apiKey=key.id)["enabled"], key.outputs["description"]) == (False, "Managed by Pulumi")
    assert key.refresh() == []
    assert key.replaced_by(name="site", value="0123456789abcdefghij") == {"value"}
    for life in (place, plan, key):
        life.delete()
        assert life.gone()


def test_a_plan_or_a_key_that_cannot_be_is_refused_before(emulated_cloud: EmulatedCloud) -> None:
    with pytest.raises(InvalidInputs, match="0 to 0 for the period DAY"):
        Workbench(emulated_cloud.endpoint).life(PLAN).check(name="a", quotaSettings={"limit": 5, "period": "DAY", "offset": 2})
    with pytest.raises(InvalidInputs, match="MONTH"):
        Workbench(emulated_cloud.endpoint).life(PLAN).check(name="a", quotaSettings={"limit": 5, "period": "YEAR"})
    with pytest.raises(InvalidInputs, match="20 to 128"):
        Workbench(emulated_cloud.endpoint).life(KEY).check(name="a", value="short")
