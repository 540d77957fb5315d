"""Deployments and stages against the emulated cloud; a web ACL before a stage."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.provider.errors import InvalidInputs
from tests.kit.cloud import EmulatedCloud
from tests.kit.provider import Workbench
from tests.sandbox.provider.aws.apigateway.ground import API, DEPLOYMENT, STAGE, a_deployment, a_stage, an_account, an_api

LOGS = "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/apigateway/bookings"


def given(api: str, deployment: str, **more: Any) -> dict[str, Any]:
    return {
        "restApi": api,
        "deployment": deployment,
        "stageName": "live",
        "cacheClusterEnabled": True,
        "cacheClusterSize": "0.5",
        "accessLogSettings": {"destinationArn": LOGS, "format": '{"id": "$context.requestId"}'},
        "variables": {"alias": "live"},
        "xrayTracingEnabled": True,
        "tags": {"component": "scheduling"},
        **more,
    }


def test_a_stage_lives_as_declared(workbench: Workbench) -> None:
    api = an_api(workbench)
    first = a_deployment(workbench, api, "first")
    an_account(workbench)
    life = workbench.made(STAGE, **given(api.id, first.id))
    gateway = life.boto("apigateway")
    live = gateway.get_stage(restApiId=api.id, stageName="live")
    assert (live["cacheClusterEnabled"], live["cacheClusterSize"], live["tracingEnabled"]) == (True, "0.5", True)
    assert live["accessLogSettings"]["destinationArn"] == LOGS
    assert (live["variables"], live["tags"]) == ({"alias": "live"}, {"component": "scheduling"})
    assert life.outputs["arn"] == f"arn:aws:apigateway:eu-west-1::/restapis/{api.id}/stages/live"
    assert life.outputs["invokeUrl"] == f"https://{api.id}.execute-api.eu-west-1.amazonaws.com/live"
    assert life.refresh() == []
    own, life.id = life.id, f"{api.id}/live"
    assert life.imported()[0]["deployment"] == first.id
    life.id = own

    second = a_deployment(workbench, api, "second")
    changed = given(api.id, second.id, cacheClusterEnabled=False, variables={"release": "2"}, tags={}, description="Served")
    del changed["accessLogSettings"], changed["xrayTracingEnabled"], changed["cacheClusterSize"]
    with pytest.raises(ClientError, match="Active stages"):
        first.delete()
    life.update(**changed)
    live = gateway.get_stage(restApiId=api.id, stageName="live")
    assert (live["deploymentId"], live["cacheClusterStatus"], live["variables"]) == (second.id, "NOT_AVAILABLE", {"release": "2"})
    assert "accessLogSettings" not in live
    assert life.refresh() == []
    first.delete()
    assert first.gone()
    assert life.replaced_by(**{**changed, "stageName": "next"}) == {"stageName"}
    life.delete()
    assert life.gone()


def test_a_deployment_is_a_snapshot_that_another_trigger_replaces(workbench: Workbench) -> None:
    api = an_api(workbench)
    life = workbench.made(DEPLOYMENT, restApi=api.id, description="first", triggers={"body": "1"})
    assert life.refresh() == []
    life.update(restApi=api.id, description="still the first", triggers={"body": "1"})
    live = life.boto("apigateway").get_deployment(restApiId=api.id, deploymentId=life.id)
    assert live["description"] == "still the first"
    assert life.replaced_by(restApi=api.id, triggers={"body": "2"}) == {"triggers.body"}
    life.delete()
    assert life.gone()


def test_an_api_without_methods_is_not_deployed(workbench: Workbench) -> None:
    api = workbench.made(API, logical="api", name="empty")
    with pytest.raises(ClientError, match="methods"):
        workbench.life(DEPLOYMENT).create(restApi=api.id)


def test_an_account_without_a_role_for_logs_takes_no_log_settings(workbench: Workbench) -> None:
    api = an_api(workbench)
    deployment = a_deployment(workbench, api)
    with pytest.raises(ClientError, match="CloudWatch Logs role ARN"):
        workbench.life(STAGE).create(**given(api.id, deployment.id))


def test_a_canary_has_its_share_of_the_requests(workbench: Workbench) -> None:
    api = an_api(workbench)
    deployment = a_deployment(workbench, api).id
    wanted = {"restApi": api.id, "deployment": deployment, "stageName": "live"}
    canary = {"deploymentId": deployment, "percentTraffic": 10, "stageVariableOverrides": {"alias": "next"}}
    life = workbench.made(STAGE, **wanted, canarySettings=canary)
    assert life.refresh() == []
    life.update(**wanted, canarySettings={**canary, "percentTraffic": 50, "stageVariableOverrides": {}})
    live = life.boto("apigateway").get_stage(restApiId=api.id, stageName="live")["canarySettings"]
    assert (live["percentTraffic"], live["deploymentId"]) == (50.0, deployment)
    assert life.refresh() == []
    life.update(**wanted)
    assert "canarySettings" not in life.boto("apigateway").get_stage(restApiId=api.id, stageName="live")


def test_a_web_acl_stands_before_a_stage(workbench: Workbench) -> None:
    api = an_api(workbench)
    stage = a_stage(workbench, api)
    seen = {"cloudwatchMetricsEnabled": True, "metricName": "api", "sampledRequestsEnabled": True}
    acl = workbench.made(
        "aws:wafv2/webAcl:WebAcl", logical="acl", name="api", scope="REGIONAL", defaultAction={"allow": {}}, visibilityConfig=seen
    ).outputs["arn"]
    life = workbench.made("aws:wafv2/webAclAssociation:WebAclAssociation", webAclArn=acl, resourceArn=stage.outputs["arn"])
    assert life.boto("wafv2").get_web_acl_for_resource(ResourceArn=stage.outputs["arn"])["WebACL"]["ARN"] == acl
    assert life.refresh() == stage.refresh() == []
    assert stage.outputs["webAclArn"] == acl
    life.delete()
    assert life.gone()
    assert "webAclArn" not in life.boto("apigateway").get_stage(restApiId=api.id, stageName="live")


def test_a_stage_that_cannot_be_is_refused_before(emulated_cloud: EmulatedCloud) -> None:
    life = Workbench(emulated_cloud.endpoint).life(STAGE)
    with pytest.raises(InvalidInputs, match="log group without"):
        life.check(**given("abc", "def", accessLogSettings={"destinationArn": f"{LOGS}:*", "format": "$context.requestId"}))
    with pytest.raises(InvalidInputs, match="cacheClusterEnabled"):
        life.check(**given("abc", "def", cacheClusterEnabled=False))
    with pytest.raises(InvalidInputs, match="118"):
        life.check(**given("abc", "def", cacheClusterSize="2"))
