"""The scheduling service on the real engine: what a stranger with boto3 finds of it in each region."""

from __future__ import annotations

import json
from typing import Any

import pytest

from components.products.scheduling.functions import FUNCTIONS
from config.load import load
from stacks.scheduling import read_documents
from tests.kit.estate import REGIONS, Estate

pytestmark = [pytest.mark.sandbox, pytest.mark.xdist_group("estate")]

CODES = {"us-east-1": "use1", "eu-west-1": "euw1", "sa-east-1": "sae1"}
EVERY_REGION = pytest.mark.parametrize("region", REGIONS)


def named(region: str, name: str) -> str:
    return f"morefocus-prod-{CODES[region]}-scheduling-{name}"


def output(estate: Estate, region: str, name: str) -> Any:
    (stack,) = (each for each in estate.states[region] if each["type"] == "pulumi:pulumi:Stack")
    return stack["outputs"][f"scheduling_{name}"]


def api_of(estate: Estate, region: str) -> tuple[Any, str]:
    gateway = estate.boto("apigateway", region)
    (api,) = [each for each in gateway.get_rest_apis(limit=100)["items"] if each["name"] == named(region, "api")]
    return gateway, api["id"]


@EVERY_REGION
def test_every_route_of_the_contract_stands_with_its_validator_and_its_authorizer(estate: Estate, region: str) -> None:
    gateway, api = api_of(estate, region)
    validators = {each["id"]: each["name"] for each in gateway.get_request_validators(restApiId=api)["items"]}
    (authorizer,) = gateway.get_authorizers(restApiId=api)["items"]
    assert authorizer["type"] == "COGNITO_USER_POOLS"
    assert [arn.rpartition("/")[2] for arn in authorizer["providerARNs"]] == [output(estate, region, "user_pool_id")]
    resources = {each["path"]: each for each in gateway.get_resources(restApiId=api, limit=500, embed=["methods"])["items"]}
    for operation in read_documents().operations:
        method = resources[operation.path]["resourceMethods"][operation.method.upper()]
        assert validators[method["requestValidatorId"]] == operation.validation, operation.place
        assert (method["authorizationType"] == "NONE") is (operation.public is not None), operation.place
        assert method["apiKeyRequired"] is operation.needs_client, operation.place


@EVERY_REGION
def test_a_client_asks_a_thousand_times_a_minute_at_most(estate: Estate, region: str) -> None:
    gateway, api = api_of(estate, region)
    (plan,) = [
        each for each in gateway.get_usage_plans()["items"] if {"apiId": api, "stage": "live"}.items() <= each["apiStages"][0].items()
    ]
    assert 990 <= plan["throttle"]["rateLimit"] * 60 <= 1000
    assert {each["name"].rpartition("-")[2] for each in gateway.get_usage_plan_keys(usagePlanId=plan["id"])["items"]} == {"web", "mobile"}
    stage = gateway.get_stage(restApiId=api, stageName="live")
    assert stage["tracingEnabled"] and stage["accessLogSettings"]["destinationArn"] and stage["cacheClusterEnabled"]


@EVERY_REGION
def test_the_table_comes_back_is_encrypted_and_is_copied_along_the_register(estate: Estate, region: str) -> None:
    dynamodb, name = estate.boto("dynamodb", region), named(region, "table")
    table = dynamodb.describe_table(TableName=name)["Table"]
    assert name == output(estate, region, "table_name") and table["DeletionProtectionEnabled"]
    assert table["SSEDescription"]["SSEType"] == "KMS" and table["StreamSpecification"]["StreamViewType"] == "NEW_AND_OLD_IMAGES"
    backups = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"
    assert dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]["AttributeName"] == "expires_at"
    for other in load(region).plan.copies:
        assert name in estate.boto("dynamodb", other).list_tables()["TableNames"], other


@EVERY_REGION
def test_a_job_that_fails_three_times_is_parked(estate: Estate, region: str) -> None:
    sqs = estate.boto("sqs", region)
    attributes = sqs.get_queue_attributes(QueueUrl=sqs.get_queue_url(QueueName=named(region, "jobs"))["QueueUrl"], AttributeNames=["All"])
    found = attributes["Attributes"]
    redrive = json.loads(found["RedrivePolicy"])
    assert redrive["deadLetterTargetArn"].endswith(named(region, "jobs-dead")) and int(redrive["maxReceiveCount"]) == 3
    assert int(found["VisibilityTimeout"]) >= 6 * load(region).plan.scheduling.functions.messages.timeout_seconds
    assert found["KmsMasterKeyId"] and "aws:SecureTransport" in found["Policy"]


@EVERY_REGION
def test_users_prove_themselves_twice_and_clients_have_no_secret(estate: Estate, region: str) -> None:
    cognito, pool = estate.boto("cognito-idp", region), output(estate, region, "user_pool_id")
    found = cognito.describe_user_pool(UserPoolId=pool)["UserPool"]
    assert (found["MfaConfiguration"], found["DeletionProtection"]) == ("ON", "ACTIVE")
    assert {each["GroupName"] for each in cognito.list_groups(UserPoolId=pool)["Groups"]} == {"owner", "staff", "customer"}
    for kind in ("web", "mobile"):
        client = cognito.describe_user_pool_client(UserPoolId=pool, ClientId=output(estate, region, f"{kind}_client_id"))["UserPoolClient"]
        assert "ClientSecret" not in client and client["AllowedOAuthFlows"] == ["code"]
        assert {"scheduling/bookings.read", "scheduling/bookings.write"} <= set(client["AllowedOAuthScopes"])


@EVERY_REGION
def test_functions_run_on_arm_behind_an_alias_and_are_called_by_queue_and_stream(estate: Estate, region: str) -> None:
    lambda_ = estate.boto("lambda", region)
    for function in FUNCTIONS:
        found = lambda_.get_function_configuration(FunctionName=named(region, function))
        assert found["Architectures"] == ["arm64"] and found["Runtime"].startswith("nodejs")
        assert lambda_.get_alias(FunctionName=named(region, function), Name="live")["FunctionVersion"].isdigit()
    sources = {
        each["FunctionArn"].split(":")[6].rpartition("-")[2]: each["EventSourceArn"].split(":")[2]
        for each in lambda_.list_event_source_mappings()["EventSourceMappings"]
    }
    assert sources == {"messages": "sqs", "audit": "dynamodb"}


@EVERY_REGION
def test_the_name_of_an_api_leads_to_it_while_its_health_route_answers(estate: Estate, region: str) -> None:
    route53, host = estate.boto("route53"), output(estate, region, "api_host")
    (zone,) = [each for each in route53.list_hosted_zones()["HostedZones"] if each["Name"] == "morefocus.com."]
    pages = route53.get_paginator("list_resource_record_sets").paginate(HostedZoneId=zone["Id"])
    records = {each["SetIdentifier"]: each for page in pages for each in page["ResourceRecordSets"] if each["Name"] == f"{host}."}
    assert set(records) == ({"primary"} if region == "us-east-1" else {"primary", "secondary"})
    check = route53.get_health_check(HealthCheckId=records["primary"]["HealthCheckId"])["HealthCheck"]["HealthCheckConfig"]
    assert (check["ResourcePath"], check["SearchString"]) == ("/api/v1/health", '"status":"ok"')


@EVERY_REGION
def test_a_page_shows_the_service_and_alarms_tell_of_it(estate: Estate, region: str) -> None:
    cloudwatch = estate.boto("cloudwatch", region)
    page = json.loads(cloudwatch.get_dashboard(DashboardName=output(estate, region, "dashboard_name"))["DashboardBody"])
    assert len(page["widgets"]) >= 12
    alarms = {
        each["AlarmName"]
        for answer in cloudwatch.get_paginator("describe_alarms").paginate(AlarmNamePrefix=named(region, ""))
        for each in answer["MetricAlarms"]
    }
    assert {
        named(region, each) for each in ("api-slow", "api-errors", "jobs-age", "jobs-parked", "bookings-errors", "table-throttled")
    } <= alarms
