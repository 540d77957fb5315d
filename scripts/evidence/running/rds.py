"""Databases, their parameters and their subnets."""

from typing import Any

from policies.graph import Resource
from scripts.evidence.running.cloud import Place, given, text, told
from scripts.evidence.running.reader import Reader

_ALWAYS = {
    "publiclyAccessible": "PubliclyAccessible",
    "storageEncrypted": "StorageEncrypted",
    "performanceInsightsEnabled": "PerformanceInsightsEnabled",
    "copyTagsToSnapshot": "CopyTagsToSnapshot",
    "deletionProtection": "DeletionProtection",
    "multiAz": "MultiAZ",
    "autoMinorVersionUpgrade": "AutoMinorVersionUpgrade",
    "iamDatabaseAuthenticationEnabled": "IAMDatabaseAuthenticationEnabled",
    "instanceClass": "DBInstanceClass",
    "engineVersion": "EngineVersion",
}
_SOMETIMES = {"engineLifecycleSupport": "EngineLifecycleSupport", "enabledCloudwatchLogsExports": "EnabledCloudwatchLogsExports"}


def instance(place: Place, resource: Resource) -> dict[str, Any]:
    """Read an instance; of its keys AWS answers those in use, also where it chose them itself."""
    name = text(resource, "identifier", "id")
    found = place.ask("rds", "describe_db_instances", DBInstanceIdentifier=name)["DBInstances"][0]
    return {
        **told(found, **_ALWAYS),
        **told(found, **_SOMETIMES),
        "kmsKeyId": place.key(found.get("KmsKeyId")),
        "performanceInsightsKmsKeyId": place.key(found.get("PerformanceInsightsKMSKeyId")),
        # No days are the same as none given: what a replica leaves to its primary.
        "backupRetentionPeriod": found.get("BackupRetentionPeriod") or None,
        "vpcSecurityGroupIds": [group["VpcSecurityGroupId"] for group in found.get("VpcSecurityGroups", ())],
        "parameterGroupName": found["DBParameterGroups"][0]["DBParameterGroupName"] if found.get("DBParameterGroups") else None,
        "dbSubnetGroupName": found.get("DBSubnetGroup", {}).get("DBSubnetGroupName"),
    }


def parameter_group(place: Place, resource: Resource) -> dict[str, Any]:
    """Read the parameters that were set."""
    name = text(resource, "name", "id")
    # An empty group and none at all list the same parameters.
    place.ask("rds", "describe_db_parameter_groups", DBParameterGroupName=name)
    found = place.ask("rds", "describe_db_parameters", DBParameterGroupName=name, Source="user")["Parameters"]
    set_ = [each for each in found if each.get("ParameterValue")]
    return {"parameters": [given(each, name="ParameterName", value="ParameterValue", applyMethod="ApplyMethod") for each in set_]}


def subnet_group(place: Place, resource: Resource) -> dict[str, Any]:
    """Read the subnets."""
    found = place.ask("rds", "describe_db_subnet_groups", DBSubnetGroupName=text(resource, "name", "id"))["DBSubnetGroups"][0]
    return {"subnetIds": [subnet["SubnetIdentifier"] for subnet in found["Subnets"]]}


READERS = (
    Reader(
        type="aws:rds/instance:Instance",
        covers=(
            *_ALWAYS,
            *_SOMETIMES,
            "kmsKeyId",
            "performanceInsightsKmsKeyId",
            "backupRetentionPeriod",
            "vpcSecurityGroupIds",
            "parameterGroupName",
            "dbSubnetGroupName",
        ),
        read=instance,
        gone=("DBInstanceNotFound", "DBInstanceNotFoundFault"),
    ),
    Reader(
        type="aws:rds/parameterGroup:ParameterGroup",
        covers=("parameters",),
        read=parameter_group,
        gone=("DBParameterGroupNotFound", "DBParameterGroupNotFoundFault"),
    ),
    Reader(
        type="aws:rds/subnetGroup:SubnetGroup",
        covers=("subnetIds",),
        read=subnet_group,
        gone=("DBSubnetGroupNotFoundFault", "DBSubnetGroupNotFound"),
    ),
)
