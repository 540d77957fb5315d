"""The whole estate on the real engine: what a stranger with boto3 finds in each region."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

import pytest

from config.load import load
from config.vocabulary import Region
from sandbox.provider.facts import sdk
from tests.kit.estate import REGIONS, Estate

pytestmark = [pytest.mark.sandbox, pytest.mark.xdist_group("estate")]

CIDRS = {"us-east-1": "10.0.0.0/16", "eu-west-1": "10.1.0.0/16", "sa-east-1": "10.2.0.0/16"}
EVERY_REGION = pytest.mark.parametrize("region", REGIONS)


def own_vpc(estate: Estate, region: str) -> str:
    (vpc,) = (vpc for vpc in estate.boto("ec2", region).describe_vpcs()["Vpcs"] if not vpc["IsDefault"])
    assert vpc["CidrBlock"] == CIDRS[region]
    return str(vpc["VpcId"])


def inside(vpc: str) -> list[dict[str, Any]]:
    return [{"Name": "vpc-id", "Values": [vpc]}]


@EVERY_REGION
def test_one_vpc_with_dns_over_three_zones_and_three_tiers(estate: Estate, region: str) -> None:
    ec2, vpc = estate.boto("ec2", region), own_vpc(estate, region)
    for attribute in ("enableDnsHostnames", "enableDnsSupport"):
        answer = ec2.describe_vpc_attribute(VpcId=vpc, Attribute=attribute)
        assert answer[attribute[0].upper() + attribute[1:]]["Value"]
    subnets = ec2.describe_subnets(Filters=inside(vpc))["Subnets"]
    assert Counter(subnet["AvailabilityZone"] for subnet in subnets) == {f"{region}{letter}": 3 for letter in "abc"}
    assert not any(subnet["MapPublicIpOnLaunch"] for subnet in subnets)


@EVERY_REGION
def test_a_nat_gateway_in_each_zone_and_flow_logs(estate: Estate, region: str) -> None:
    ec2, vpc = estate.boto("ec2", region), own_vpc(estate, region)
    assert len(ec2.describe_nat_gateways(Filters=inside(vpc))["NatGateways"]) == 3
    assert [log["ResourceId"] for log in ec2.describe_flow_logs()["FlowLogs"]] == [vpc]


@EVERY_REGION
def test_the_default_security_group_lets_nothing_through(estate: Estate, region: str) -> None:
    ec2, vpc = estate.boto("ec2", region), own_vpc(estate, region)
    groups = ec2.describe_security_groups(Filters=[*inside(vpc), {"Name": "group-name", "Values": ["default"]}])["SecurityGroups"]
    assert [(group["IpPermissions"], group["IpPermissionsEgress"]) for group in groups] == [([], [])]


@EVERY_REGION
def test_the_services_in_use_are_reached_inside_the_network(estate: Estate, region: str) -> None:
    endpoints = estate.boto("ec2", region).describe_vpc_endpoints(Filters=inside(own_vpc(estate, region)))["VpcEndpoints"]
    services = {endpoint["ServiceName"].rsplit(f"{region}.", 1)[-1] for endpoint in endpoints}
    assert services >= {"s3", "dynamodb", "ecr.api", "ecr.dkr", "kms", "sts", "secretsmanager", "logs"}


@EVERY_REGION
def test_a_private_cluster_in_standard_support_with_its_nodes(estate: Estate, region: str) -> None:
    eks = estate.boto("eks", region)
    (name,) = eks.list_clusters()["clusters"]
    cluster = eks.describe_cluster(name=name)["cluster"]
    assert cluster["version"] == "1.35"
    assert cluster["resourcesVpcConfig"]["endpointPrivateAccess"]
    assert not cluster["resourcesVpcConfig"]["endpointPublicAccess"]
    groups = [
        eks.describe_nodegroup(clusterName=name, nodegroupName=each)["nodegroup"]
        for each in eks.list_nodegroups(clusterName=name)["nodegroups"]
    ]
    assert {kind for group in groups for kind in group.get("instanceTypes", [])} >= {"t3.large", "c5.xlarge"}
    assert {group["capacityType"] for group in groups} == {"ON_DEMAND", "SPOT"}


@EVERY_REGION
def test_a_postgresql_with_a_standby_two_replicas_and_forced_tls(estate: Estate, region: str) -> None:
    rds = estate.boto("rds", region)
    instances = rds.describe_db_instances()["DBInstances"]
    (primary,) = (each for each in instances if "ReadReplicaSourceDBInstanceIdentifier" not in each)
    # A standby of another region's database may stand here too: tests/test_replicated_estate.py looks at those.
    replicas = [each for each in instances if each is not primary and not each["DBInstanceIdentifier"].endswith("-standby")]
    assert len(replicas) == 2
    assert {each["ReadReplicaSourceDBInstanceIdentifier"].split(":")[-1] for each in replicas} == {primary["DBInstanceIdentifier"]}
    assert primary["MultiAZ"]
    assert (primary["Engine"], primary["EngineVersion"].split(".")[0]) == ("postgres", "17")
    assert (primary["DBInstanceClass"], primary["AllocatedStorage"]) == ("db.r5.xlarge", 1000)
    assert primary["MaxAllocatedStorage"] == 10000
    assert primary["StorageEncrypted"] and primary["DeletionProtection"]
    assert (primary["BackupRetentionPeriod"], primary["PreferredBackupWindow"]) == (30, "03:00-04:00")
    group = primary["DBParameterGroups"][0]["DBParameterGroupName"]
    parameters = rds.describe_db_parameters(DBParameterGroupName=group)["Parameters"]
    assert {each["ParameterName"]: each.get("ParameterValue") for each in parameters}["rds.force_ssl"] == "1"


@EVERY_REGION
def test_an_encrypted_redis_of_three_shards(estate: Estate, region: str) -> None:
    groups = estate.boto("elasticache", region).describe_replication_groups()["ReplicationGroups"]
    (group,) = (each for each in groups if each["ClusterEnabled"])
    assert len(group["NodeGroups"]) == 3
    assert group["AtRestEncryptionEnabled"] and group["TransitEncryptionEnabled"]
    assert group["CacheNodeType"] == "cache.r5.large"


@EVERY_REGION
def test_the_queue_is_a_redis_of_its_own_that_asks_for_a_password(estate: Estate, region: str) -> None:
    groups = estate.boto("elasticache", region).describe_replication_groups()["ReplicationGroups"]
    (group,) = (each for each in groups if not each["ClusterEnabled"])
    assert group["AuthTokenEnabled"] and group["AtRestEncryptionEnabled"] and group["TransitEncryptionEnabled"]
    assert (group["MultiAZ"], group["AutomaticFailover"]) == ("enabled", "enabled")


@EVERY_REGION
def test_a_shared_encrypted_file_system_in_each_zone(estate: Estate, region: str) -> None:
    efs = estate.boto("efs", region)
    (system,) = efs.describe_file_systems()["FileSystems"]
    assert system["Encrypted"]
    assert len(efs.describe_mount_targets(FileSystemId=system["FileSystemId"])["MountTargets"]) == 3


def test_every_bucket_is_private_versioned_encrypted_and_refuses_plain_http(estate: Estate) -> None:
    s3 = estate.boto("s3")
    names = [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
    assert {name.split("-")[2] for name in names} == {"use1", "euw1", "sae1"}
    for name in names:
        block = s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"]
        assert all(block.values()), name
        assert s3.get_bucket_versioning(Bucket=name)["Status"] == "Enabled", name
        assert s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"], name
        statements = json.loads(s3.get_bucket_policy(Bucket=name)["Policy"])["Statement"]
        assert any("aws:SecureTransport" in json.dumps(each) and each["Effect"] == "Deny" for each in statements), name


@EVERY_REGION
def test_a_load_balancer_behind_a_web_acl_with_tls_1_3(estate: Estate, region: str) -> None:
    elb, waf = estate.boto("elbv2", region), estate.boto("wafv2", region)
    (balancer,) = elb.describe_load_balancers()["LoadBalancers"]
    listeners = elb.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
    assert [(each["Port"], each["Protocol"]) for each in listeners] == [(443, "HTTPS")]
    assert "TLS13" in listeners[0]["SslPolicy"]
    assert waf.get_web_acl_for_resource(ResourceArn=balancer["LoadBalancerArn"])["WebACL"]["Rules"]


@EVERY_REGION
def test_a_rotating_key_for_each_class_of_data(estate: Estate, region: str) -> None:
    kms = estate.boto("kms", region)
    aliases = {each["AliasName"]: each.get("TargetKeyId") for each in kms.list_aliases()["Aliases"] if "morefocus" in each["AliasName"]}
    assert {name.rsplit("-", 1)[-1] for name in aliases} >= {"personal", "credentials", "operational", "logs"}
    assert all(kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] for key in aliases.values())


def test_what_exists_once_exists_in_the_hub_only(estate: Estate) -> None:
    assert len(estate.boto("route53").list_hosted_zones()["HostedZones"]) == 1
    distributions = estate.boto("cloudfront").list_distributions()["DistributionList"]["Items"]
    assert all(each["WebACLId"] for each in distributions)
    names = {name for each in distributions for name in each["Aliases"]["Items"]}
    assert {f"hooks.{Region(region).code}.morefocus.com" for region in REGIONS} <= names
    for region in REGIONS[1:]:
        assert not [each for each in estate.states[region] if each["type"].startswith(("aws:cloudfront/", "aws:route53/zone"))]


@EVERY_REGION
def test_every_resource_has_all_the_outputs_that_the_sdk_promises(estate: Estate, region: str) -> None:
    lacking = {}
    for resource in estate.states[region]:
        if resource["type"].startswith("aws:"):
            required = {name for name, item in sdk.resource(resource["type"]).outputs.items() if item.required}
            if missing := required - resource["outputs"].keys():
                lacking[resource["urn"]] = sorted(missing)
    assert lacking == {}


@EVERY_REGION
def test_no_secret_is_readable_in_an_export(estate: Estate, region: str) -> None:
    versions = [each for each in estate.states[region] if each["type"] == "aws:secretsmanager/secretVersion:SecretVersion"]
    assert versions
    assert all("ciphertext" in each["outputs"]["secretString"] for each in versions)


def test_a_second_up_changes_nothing(estate: Estate) -> None:
    assert "no change" in estate.run("up")


def test_a_refresh_of_the_untouched_estate_finds_no_drift(estate: Estate) -> None:
    said = estate.run("refresh")
    assert all(f"{region}: no drift" in said for region in REGIONS), said


def test_drift_is_found_shown_and_mended(estate: Estate) -> None:
    kms = estate.boto("kms", "sa-east-1")
    alias = next(
        # Not one of the keys here that other regions' copies are encrypted with.
        each
        for each in kms.list_aliases()["Aliases"]
        if each["AliasName"].startswith("alias/morefocus-prod-sae1-") and each["AliasName"].endswith("personal")
    )
    kms.disable_key_rotation(KeyId=alias["TargetKeyId"])
    assert "enableKeyRotation" in estate.run("refresh", "--stack", "sa-east-1")
    estate.run("up", "--stack", "sa-east-1")
    assert kms.get_key_rotation_status(KeyId=alias["TargetKeyId"])["KeyRotationEnabled"]


def test_plain_pulumi_works_in_the_sandboxs_environment(estate: Estate) -> None:
    done = estate.shell("pulumi preview -s eu-west-1 --expect-no-changes")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_status_counts_what_the_states_hold(estate: Estate) -> None:
    status = json.loads(estate.run("status", "--json"))
    assert status["endpoint"] == estate.endpoint
    for region in REGIONS:
        entry = status["stacks"][region]
        resources = [each for each in estate.states[region] if each["type"].startswith(("aws:", "kubernetes:"))]
        assert entry["resources"] == len(resources) == entry["held"] + entry["partly"] + entry["recorded"]
        assert entry["kubeconfig"] is None


def test_the_table_at_the_end_counts_by_region_and_says_what_is_only_recorded(estate: Estate) -> None:
    for region in REGIONS:
        assert region in estate.first_up
    assert "recorded" in estate.first_up


@EVERY_REGION
def test_every_secret_is_encrypted_renewed_and_empty_until_it_is_filled_in_the_account(estate: Estate, region: str) -> None:
    secrets = estate.boto("secretsmanager", region)
    prefix = f"morefocus-prod-{Region(region).code}-"
    pages = secrets.get_paginator("list_secrets").paginate()
    own = [each["Name"] for page in pages for each in page["SecretList"]]
    kept = {name.removeprefix(prefix): secrets.describe_secret(SecretId=name) for name in own if name.startswith(prefix)}
    assert len(kept) > 40
    assert all(each["KmsKeyId"].startswith(f"arn:aws:kms:{region}:") for each in kept.values())
    functions = {each["FunctionArn"] for each in estate.boto("lambda", region).list_functions()["Functions"]}
    rotating = {name: each for name, each in kept.items() if each.get("RotationEnabled")}
    assert {"database-master", "n8n-jwt", "session-signing"} <= rotating.keys()
    assert {each["RotationLambdaARN"] for each in rotating.values()} <= functions
    assert "n8n-encryption-key" not in rotating
    filled = {name for name, each in kept.items() if each.get("VersionIdsToStages")}
    # Made with what they open: the queue and tenants' logins ask for their passwords from their first minute.
    managed = {name for name, row in load(region).catalogue.integrations.items() if row.origin == "managed"}
    tenants = {name for name in kept if name.startswith("tenants/")}
    assert filled <= rotating.keys() | managed | tenants, "nobody has put a third party's key in, and no program has"
    policy = json.loads(secrets.get_resource_policy(SecretId=kept["stripe"]["ARN"])["ResourcePolicy"])
    assert {each["Sid"] for each in policy["Statement"]} == {"TlsOnly", "ThisAccountOnly", "ReadersOnly"}


def test_european_secrets_are_copied_to_where_the_register_lets_them_go(estate: Estate) -> None:
    live = estate.boto("secretsmanager", "eu-west-1").describe_secret(SecretId="morefocus-prod-euw1-stripe")
    copies = {each["Region"]: each["KmsKeyId"] for each in live["ReplicationStatus"]}
    assert copies.keys() == {"eu-central-1", "sa-east-1"}
    assert all(key.startswith(f"arn:aws:kms:{region}:") for region, key in copies.items())


@EVERY_REGION
def test_the_rotation_function_is_deployed_and_its_failures_ring(estate: Estate, region: str) -> None:
    functions = estate.boto("lambda", region)
    (function,) = (each for each in functions.list_functions()["Functions"] if each["FunctionName"].endswith("-secret-rotation"))
    assert function["Handler"] == "services.secret_rotation.handler.handle"
    assert function["CodeSize"] > 1000
    alarms = estate.boto("cloudwatch", region).describe_alarms(AlarmNamePrefix=function["FunctionName"])["MetricAlarms"]
    assert {each["MetricName"] for each in alarms} == {"Errors", "Overdue"}
    assert all(each["AlarmActions"] for each in alarms)


COPIES = {
    "us-east-1": {"us-west-2", "eu-west-1"},
    "eu-west-1": {"eu-central-1", "sa-east-1"},
    "sa-east-1": {"eu-west-1", "eu-central-1"},
}


@EVERY_REGION
def test_backups_are_taken_every_six_hours_and_stand_in_three_regions(estate: Estate, region: str) -> None:
    backup = estate.boto("backup", region)
    (listed,) = backup.list_backup_plans()["BackupPlansList"]
    rules = {rule["RuleName"]: rule for rule in backup.get_backup_plan(BackupPlanId=listed["BackupPlanId"])["BackupPlan"]["Rules"]}
    assert rules["six-hourly"]["ScheduleExpression"] == "cron(0 0,6,12,18 * * ? *)"
    assert (rules["continuous"]["EnableContinuousBackup"], rules["continuous"]["Lifecycle"]["DeleteAfterDays"]) == (True, 30)
    copies = [action["DestinationBackupVaultArn"].split(":") for action in rules["six-hourly"]["CopyActions"]]
    assert {arn[3] for arn in copies} == COPIES[region]
    (home,) = {rule["TargetBackupVaultName"] for rule in rules.values()}
    for where, name in [(region, home), *((arn[3], arn[6]) for arn in copies)]:
        vault = estate.boto("backup", where).describe_backup_vault(BackupVaultName=name)
        assert vault["Locked"] and f":{where}:" in vault["EncryptionKeyArn"]
    (chosen,) = backup.list_backup_selections(BackupPlanId=listed["BackupPlanId"])["BackupSelectionsList"]
    selection = backup.get_backup_selection(BackupPlanId=listed["BackupPlanId"], SelectionId=chosen["SelectionId"])["BackupSelection"]
    wanted = {
        test["ConditionKey"].removeprefix("aws:ResourceTag/"): test["ConditionValue"] for test in selection["Conditions"]["StringEquals"]
    }
    databases = {each["DBInstanceIdentifier"]: each for each in estate.boto("rds", region).describe_db_instances()["DBInstances"]}
    (primary,) = (each for name, each in databases.items() if re.fullmatch(r"morefocus-prod-\w+-database", name))
    assert wanted.items() <= {tag["Key"]: tag["Value"] for tag in primary["TagList"]}.items()


@EVERY_REGION
def test_backups_are_restored_on_trial_every_week(estate: Estate, region: str) -> None:
    backup = estate.boto("backup", region)
    (plan,) = backup.list_restore_testing_plans()["RestoreTestingPlans"]
    tested = backup.list_restore_testing_selections(RestoreTestingPlanName=plan["RestoreTestingPlanName"])["RestoreTestingSelections"]
    assert {each["ProtectedResourceType"] for each in tested} == {"DynamoDB", "EFS", "RDS", "S3"}
