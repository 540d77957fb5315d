"""Settings of methods against the emulated cloud."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.provider.errors import InvalidInputs
from tests.kit.cloud import EmulatedCloud
from tests.kit.provider import Workbench
from tests.sandbox.provider.aws.apigateway.ground import a_stage, an_account, an_api

SETTINGS = "aws:apigateway/methodSettings:MethodSettings"


def test_settings_of_all_methods_and_of_one_live_side_by_side(workbench: Workbench) -> None:
    an_account(workbench)
    api = an_api(workbench)
    stage = a_stage(workbench, api)
    place = {"restApi": api.id, "stageName": "live"}
    every = {"metricsEnabled": True, "loggingLevel": "ERROR", "throttlingBurstLimit": 50, "throttlingRateLimit": 16.67}
    cached = {"cachingEnabled": True, "cacheTtlInSeconds": 60, "cacheDataEncrypted": True}
    whole = workbench.made(SETTINGS, logical="all", methodPath="*/*", settings=every, **place)
    one = workbench.made(SETTINGS, methodPath="~1v1~1bookings/GET", settings=cached, **place)
    gateway = one.boto("apigateway")

    def live(path: str) -> dict[str, Any]:
        found: dict[str, Any] = gateway.get_stage(restApiId=api.id, stageName="live").get("methodSettings", {}).get(path, {})
        return found

    assert (live("*/*")["throttlingRateLimit"], live("*/*")["loggingLevel"]) == (16.67, "ERROR")
    assert (live("~1v1~1bookings/GET")["cachingEnabled"], live("~1v1~1bookings/GET")["throttlingBurstLimit"]) == (True, -1)
    assert one.refresh() == whole.refresh() == stage.refresh() == []
    own, one.id = one.id, f"{api.id}/live/~1v1~1bookings/GET"
    assert one.imported()[0]["settings"]["cacheTtlInSeconds"] == 60
    one.id = own

    one.update(methodPath="~1v1~1bookings/GET", settings={"cachingEnabled": True, "cacheTtlInSeconds": 300}, **place)
    assert (live("~1v1~1bookings/GET")["cacheTtlInSeconds"], live("~1v1~1bookings/GET")["cacheDataEncrypted"]) == (300, False)
    assert one.refresh() == []
    gateway.update_stage(
        restApiId=api.id,
        stageName="live",
        patchOperations=[{"op": "replace", "path": "/~1v1~1bookings/GET/caching/enabled", "value": "false"}],
    )
    assert [change.path for change in one.refresh()] == ["settings.cachingEnabled"]
    one.delete()
    assert one.gone()
    assert live("*/*")["metricsEnabled"]
    assert whole.replaced_by(methodPath="~1v1~1bookings/POST", settings=every, **place) == {"methodPath"}


def test_logs_of_methods_need_the_accounts_role(workbench: Workbench) -> None:
    api = an_api(workbench)
    a_stage(workbench, api)
    with pytest.raises(ClientError, match="CloudWatch Logs role ARN"):
        workbench.life(SETTINGS).create(restApi=api.id, stageName="live", methodPath="*/*", settings={"loggingLevel": "INFO"})


@pytest.mark.parametrize(
    ("path", "settings", "message"),
    [
        ("v1/bookings/GET", {}, "~1 for each slash"),
        ("~1v1~1bookings", {}, "and a method"),
        ("*/*", {"loggingLevel": "DEBUG"}, "OFF, ERROR, INFO"),
        ("*/*", {"cacheTtlInSeconds": 7200}, "0 to 3600"),
    ],
)
def test_settings_that_cannot_be_are_refused_before(
    emulated_cloud: EmulatedCloud, path: str, settings: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidInputs, match=message):
        Workbench(emulated_cloud.endpoint).life(SETTINGS).check(restApi="abc", stageName="live", methodPath=path, settings=settings)
