"""What guards the whole estate, as a stranger with boto3 finds it in each region (SEC-1, SEC-2, SEC-8, BDR-1, CST-3)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from config.load import load
from tests.kit.estate import REGIONS, Estate

pytestmark = [pytest.mark.sandbox, pytest.mark.xdist_group("estate")]

EVERY_REGION = pytest.mark.parametrize("region", REGIONS)


def ours(items: list[dict[str, Any]], key: str) -> list[dict[str, Any]]:
    return [item for item in items if "morefocus" in item[key]]


@EVERY_REGION
def test_a_trail_is_written_validated_and_kept_in_its_region(estate: Estate, region: str) -> None:
    trails = [each for each in estate.boto("cloudtrail", region).describe_trails()["trailList"] if each["HomeRegion"] == region]
    assert len(trails) == 1
    (trail,) = trails
    assert trail["LogFileValidationEnabled"] and trail["KmsKeyId"] and not trail["IsMultiRegionTrail"]
    assert estate.boto("cloudtrail", region).get_trail_status(Name=trail["TrailARN"])["IsLogging"]
    bucket = trail["S3BucketName"]
    s3 = estate.boto("s3", region)
    assert s3.get_bucket_location(Bucket=bucket)["LocationConstraint"] in (region, None if region == "us-east-1" else region)
    assert s3.get_object_lock_configuration(Bucket=bucket)["ObjectLockConfiguration"]["ObjectLockEnabled"] == "Enabled"


@EVERY_REGION
def test_every_alarm_reaches_the_topic_of_its_region(estate: Estate, region: str) -> None:
    pages = estate.boto("cloudwatch", region).get_paginator("describe_alarms").paginate()
    alarms = [alarm for page in pages for alarm in page["MetricAlarms"]]
    assert len(alarms) >= 10
    topics = {each["TopicArn"] for each in estate.boto("sns", region).list_topics()["Topics"]}
    for alarm in alarms:
        told, done = set(alarm["AlarmActions"]) & topics, set(alarm["AlarmActions"]) - topics
        # Besides telling people, an alarm may take a rollout back.
        assert told and all(action.endswith("-rollout-guard") for action in done), alarm["AlarmName"]


@EVERY_REGION
def test_threats_posture_configuration_and_personal_data_are_watched(estate: Estate, region: str) -> None:
    guardduty = estate.boto("guardduty", region)
    (detector,) = guardduty.list_detectors()["DetectorIds"]
    assert guardduty.get_detector(DetectorId=detector)["Status"] == "ENABLED"
    config = estate.boto("config", region)
    (status,) = config.describe_configuration_recorder_status()["ConfigurationRecordersStatus"]
    assert status["recording"]
    assert len(config.describe_config_rules()["ConfigRules"]) >= 10
    assert estate.boto("securityhub", region).describe_hub()["HubArn"]
    assert estate.boto("macie2", region).get_macie_session()["status"] == "ENABLED"


@EVERY_REGION
def test_backups_are_made_every_six_hours_and_stand_in_three_regions(estate: Estate, region: str) -> None:
    backup = estate.boto("backup", region)
    (plan,) = (each for each in backup.list_backup_plans()["BackupPlansList"] if "morefocus" in each["BackupPlanName"])
    rules = backup.get_backup_plan(BackupPlanId=plan["BackupPlanId"])["BackupPlan"]["Rules"]
    copied = {action["DestinationBackupVaultArn"].split(":")[3] for rule in rules for action in rule.get("CopyActions", [])}
    assert copied == {each.value for each in load(region).plan.copies}
    assert len({region, *copied}) == 3
    for other in {region, *copied}:
        vaults = ours(estate.boto("backup", other).list_backup_vaults()["BackupVaultList"], "BackupVaultName")
        assert vaults and all(vault["Locked"] for vault in vaults), other
    assert backup.list_backup_selections(BackupPlanId=plan["BackupPlanId"])["BackupSelectionsList"]


@EVERY_REGION
def test_every_secret_is_encrypted_with_a_key_of_ours(estate: Estate, region: str) -> None:
    client = estate.boto("secretsmanager", region)
    secrets = [secret for page in client.get_paginator("list_secrets").paginate() for secret in page["SecretList"]]
    assert len(secrets) >= 15
    assert all(secret.get("KmsKeyId") for secret in secrets)
    assert any(secret.get("RotationEnabled") for secret in secrets)


def test_the_account_asks_people_for_mfa_and_pipelines_for_a_token(estate: Estate) -> None:
    iam = estate.boto("iam")
    policy = iam.get_account_password_policy()["PasswordPolicy"]
    assert policy["MinimumPasswordLength"] >= 14
    (provider,) = iam.list_open_id_connect_providers()["OpenIDConnectProviderList"][:1]
    assert "gitlab" in provider["Arn"]
    assert not iam.list_users()["Users"] or all(
        not iam.list_access_keys(UserName=user["UserName"])["AccessKeyMetadata"] for user in iam.list_users()["Users"]
    )
    roles = [role for page in iam.get_paginator("list_roles").paginate() for role in page["Roles"]]
    trusting = [role for role in roles if "gitlab" in json.dumps(role["AssumeRolePolicyDocument"])]
    assert len(trusting) >= 3


def test_spending_has_a_budget_and_is_watched(estate: Estate) -> None:
    budgets = estate.boto("budgets").describe_budgets(AccountId="123456789012")["Budgets"]
    assert any(float(each["BudgetLimit"]["Amount"]) == 3672 for each in budgets)
    assert estate.boto("ce").get_anomaly_monitors()["AnomalyMonitors"]
    assert estate.boto("ce").get_anomaly_subscriptions()["AnomalySubscriptions"]
