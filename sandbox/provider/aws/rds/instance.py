"""RDS instances: primaries, read replicas, restores."""

from __future__ import annotations

from typing import Any

from sandbox.provider import tagging
from sandbox.provider.aws.rds.checks import instance_failures
from sandbox.provider.aws.rds.groups import retag
from sandbox.provider.errors import Failure, HandlerError
from sandbox.provider.handler import Call, Handler, Support
from sandbox.provider.translation import Translation, with_blanks
from sandbox.provider.values import UNKNOWN, Properties

_NAMES = {
    "identifier": "DBInstanceIdentifier",
    "instanceClass": "DBInstanceClass",
    "parameterGroupName": "DBParameterGroupName",
    "backupWindow": "PreferredBackupWindow",
    "maintenanceWindow": "PreferredMaintenanceWindow",
    "username": "MasterUsername",
    "password": "MasterUserPassword",
    "passwordWo": "MasterUserPassword",
    "iamDatabaseAuthenticationEnabled": "EnableIAMDatabaseAuthentication",
    "performanceInsightsEnabled": "EnablePerformanceInsights",
    "enabledCloudwatchLogsExports": "EnableCloudwatchLogsExports",
    "caCertIdentifier": "CACertificateIdentifier",
    "customerOwnedIpEnabled": "EnableCustomerOwnedIp",
    "replicateSourceDb": "SourceDBInstanceIdentifier",
    "snapshotIdentifier": "DBSnapshotIdentifier",
}
# How the provider acts, not what the instance is.
_CONDUCT = frozenset(
    {
        "allowMajorVersionUpgrade",
        "applyImmediately",
        "blueGreenUpdate",
        "deleteAutomatedBackups",
        "finalSnapshotIdentifier",
        "identifierPrefix",
        "passwordWoVersion",
        "restoreToPointInTime",
        "s3Import",
        "skipFinalSnapshot",
        "upgradeStorageConfig",
        "warningEventCategories",
    }
)
_CREATE = Translation("rds", "CreateDBInstance", names=_NAMES, apart=_CONDUCT | {"replicateSourceDb", "snapshotIdentifier", "replicaMode"})
_REPLICATE = Translation("rds", "CreateDBInstanceReadReplica", names=_NAMES, apart=_CONDUCT)
# Switched off where the program no longer says anything.
_SWITCHES = ("deletionProtection", "multiAz", "performanceInsightsEnabled", "iamDatabaseAuthenticationEnabled", "manageMasterUserPassword")
_RESTORE = Translation("rds", "RestoreDBInstanceFromDBSnapshot", names=_NAMES, apart=_CONDUCT)
_REWIND = Translation("rds", "RestoreDBInstanceToPointInTime", names=_NAMES | {"identifier": "TargetDBInstanceIdentifier"}, apart=_CONDUCT)
_MODIFY = Translation(
    "rds",
    "ModifyDBInstance",
    names=_NAMES | {"port": "DBPortNumber"},
    apart=_CONDUCT | {"identifier", "enabledCloudwatchLogsExports", "replicateSourceDb"},
)


class Instance(Handler):
    """A database instance; its id is the cloud's resource id, not its name."""

    token = "aws:rds/instance:Instance"
    support = Support.PARTLY
    gap = (
        "changes are applied at once instead of in the maintenance window; storage does not grow by itself; the endpoint has no hosted zone"
    )
    create_only = frozenset(
        {
            "availabilityZone",
            "backupTarget",
            "characterSetName",
            "customIamInstanceProfile",
            "dbName",
            "engine",
            "identifierPrefix",
            "kmsKeyId",
            "ncharCharacterSetName",
            "restoreToPointInTime",
            "s3Import",
            "snapshotIdentifier",
            "storageEncrypted",
            "timezone",
            "username",
        }
    )
    unordered = frozenset({"vpcSecurityGroupIds", "enabledCloudwatchLogsExports"})
    defaults = {
        "autoMinorVersionUpgrade": True,
        "copyTagsToSnapshot": False,
        "deleteAutomatedBackups": True,
        "monitoringInterval": 0,
        "publiclyAccessible": False,
        "skipFinalSnapshot": False,
    }
    autoname = "identifier"
    volatile = frozenset({"engineVersionActual", "latestRestorableTime", "masterUserSecrets", "status"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return instance_failures(inputs) or _CREATE.failures(inputs, **({} if "engine" in inputs else {"Engine": UNKNOWN}))

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {"arn": call.arn("rds", f"db:{inputs['identifier']}")}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        if inputs.get("replicateSourceDb"):
            made = self._replicate(call, inputs)
        elif inputs.get("snapshotIdentifier"):
            made = self._restored(call, inputs, "restore_db_instance_from_db_snapshot", _RESTORE, {})
        elif inputs.get("restoreToPointInTime"):
            made = self._restored(call, inputs, "restore_db_instance_to_point_in_time", _REWIND, _point(inputs["restoreToPointInTime"]))
        elif inputs.get("s3Import"):
            raise HandlerError("the emulated cloud cannot import a database from S3: restore a snapshot, or import it on AWS")
        else:
            made = call.client("rds").create_db_instance(**_CREATE.request(inputs), Tags=tagging.pairs(inputs["tagsAll"]))["DBInstance"]
        computed = {key: value for key, value in _outputs(made).items() if key not in inputs}
        return made["DbiResourceId"], with_blanks(self.token, inputs, computed)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        live = _find(call, resource_id)
        if live is None:
            return None
        found = _outputs(live) | {"tags": tagging.mapping(live.get("TagList"))}
        if state.get("maxAllocatedStorage", 0) >= found["allocatedStorage"] > state.get("allocatedStorage", 0):
            # Storage that grew by itself, as declared, is no drift.
            found["allocatedStorage"] = state["allocatedStorage"]
        return found

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        rds = call.client("rds")
        live = _find(call, resource_id)
        if live is None:
            raise HandlerError(f"{old['identifier']} is gone: refresh, then deploy again")
        name = live["DBInstanceIdentifier"]
        if old.get("replicateSourceDb") and not new.get("replicateSourceDb"):
            rds.promote_read_replica(DBInstanceIdentifier=name)
        elif not self.equal("replicateSourceDb", old.get("replicateSourceDb"), new.get("replicateSourceDb")):
            raise HandlerError("the source of a read replica cannot change: remove replicateSourceDb to promote it, or replace it")
        changes = _changes(live, old, new)
        if changes:
            live = rds.modify_db_instance(DBInstanceIdentifier=name, ApplyImmediately=new.get("applyImmediately", False), **changes)[
                "DBInstance"
            ]
        outputs = _outputs(live)
        retag(call, outputs["arn"], old, new)
        return with_blanks(self.token, new, {key: value for key, value in outputs.items() if key not in new})

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        rds, name = call.client("rds"), state["identifier"]
        skip = call.teardown or bool(state.get("skipFinalSnapshot"))
        if not skip and state.get("replicateSourceDb"):
            raise HandlerError(f"{name} is a read replica, of which AWS takes no final snapshot: set skipFinalSnapshot, then delete")
        if not skip and not state.get("finalSnapshotIdentifier"):
            raise HandlerError(f"{name} has no finalSnapshotIdentifier: set one, or set skipFinalSnapshot, then delete")
        if call.teardown and state.get("deletionProtection"):
            rds.modify_db_instance(DBInstanceIdentifier=name, DeletionProtection=False, ApplyImmediately=True)
        final = {"SkipFinalSnapshot": True} if skip else {"FinalDBSnapshotIdentifier": state["finalSnapshotIdentifier"]}
        rds.delete_db_instance(
            DBInstanceIdentifier=name, DeleteAutomatedBackups=call.teardown or state.get("deleteAutomatedBackups", True), **final
        )

    def equal(self, path: str, old: Any, new: Any) -> bool:
        if path == "replicateSourceDb" and isinstance(old, str) and isinstance(new, str):
            return old.rsplit(":", 1)[-1] == new.rsplit(":", 1)[-1]
        if path in ("maintenanceWindow", "identifier") and isinstance(old, str) and isinstance(new, str):
            return old.lower() == new.lower()
        return super().equal(path, old, new)

    def _replicate(self, call: Call, inputs: Properties) -> dict[str, Any]:
        source = inputs["replicateSourceDb"]
        home = source.split(":")[3] if source.startswith("arn:") else call.region
        origin = call.client("rds", home).describe_db_instances(DBInstanceIdentifier=source.rsplit(":", 1)[-1])["DBInstances"][0]
        if origin.get("MasterUserSecret") and not origin["Engine"].startswith("sqlserver"):
            raise HandlerError(
                f"AWS makes no read replica of {source}: RDS manages its master password (manageMasterUserPassword), which only SQL Server "
                "may combine with replicas; give the source a password from a secret of your own"
            )
        asked = {key: value for key, value in inputs.items() if _REPLICATE.accepts(key)}
        rds = call.client("rds")
        rds.create_db_instance_read_replica(**_REPLICATE.request(asked), Tags=tagging.pairs(inputs["tagsAll"]))
        rest = {key: value for key, value in inputs.items() if _MODIFY.accepts(key) and not _REPLICATE.accepts(key) and key != "password"}
        return dict(
            rds.modify_db_instance(DBInstanceIdentifier=inputs["identifier"], ApplyImmediately=True, **_MODIFY.request(rest))["DBInstance"]
        )

    def _restored(self, call: Call, inputs: Properties, operation: str, how: Translation, source: Properties) -> dict[str, Any]:
        rds = call.client("rds")
        asked = {key: value for key, value in inputs.items() if how.accepts(key)}
        getattr(rds, operation)(**source, **how.request(asked), Tags=tagging.pairs(inputs["tagsAll"]))
        rest = {key: value for key, value in inputs.items() if _MODIFY.accepts(key) and not how.accepts(key)}
        return dict(
            rds.modify_db_instance(DBInstanceIdentifier=inputs["identifier"], ApplyImmediately=True, **_MODIFY.request(rest))["DBInstance"]
        )


def _find(call: Call, resource_id: str) -> dict[str, Any] | None:
    """The instance, by its resource id as the state has it, or by its name as an import gives it."""
    rds = call.client("rds")
    if resource_id.startswith("db-"):
        found = rds.describe_db_instances(Filters=[{"Name": "dbi-resource-id", "Values": [resource_id]}])["DBInstances"]
    else:
        found = rds.describe_db_instances(DBInstanceIdentifier=resource_id)["DBInstances"]
    return found[0] if found else None


def _point(wanted: Properties) -> Properties:
    names = {
        "restoreTime": "RestoreTime",
        "useLatestRestorableTime": "UseLatestRestorableTime",
        "sourceDbInstanceIdentifier": "SourceDBInstanceIdentifier",
        "sourceDbiResourceId": "SourceDbiResourceId",
        "sourceDbInstanceAutomatedBackupsArn": "SourceDBInstanceAutomatedBackupsArn",
    }
    return {names[key]: value for key, value in wanted.items()}


def _changes(live: dict[str, Any], old: Properties, new: Properties) -> Properties:
    """ModifyDBInstance's parameters for what differs."""
    same = Instance().equal
    differing = {key: value for key, value in new.items() if _MODIFY.accepts(key) and not same(key, old.get(key), value)}
    if old.get("passwordWoVersion") == new.get("passwordWoVersion"):
        differing.pop("passwordWo", None)
    differing |= {name: False for name in _SWITCHES if old.get(name) and new.get(name) is None}
    changes = _MODIFY.request(differing)
    if "EngineVersion" in changes:
        changes["AllowMajorVersionUpgrade"] = new.get("allowMajorVersionUpgrade", False)
    if not same("identifier", live["DBInstanceIdentifier"], new["identifier"]):
        changes["NewDBInstanceIdentifier"] = new["identifier"]
    wanted, present = set(new.get("enabledCloudwatchLogsExports") or []), set(live.get("EnabledCloudwatchLogsExports") or [])
    if wanted != present:
        exports = {"EnableLogTypes": sorted(wanted - present), "DisableLogTypes": sorted(present - wanted)}
        changes["CloudwatchLogsExportConfiguration"] = {key: types for key, types in exports.items() if types}
    return changes


def _outputs(live: dict[str, Any]) -> Properties:
    """An instance as the service describes it, in the program's words."""
    found = _CREATE.properties(Instance.token, live)
    endpoint = live.get("Endpoint") or {}
    secret = live.get("MasterUserSecret")
    found |= {
        "address": endpoint.get("Address", ""),
        "endpoint": f"{endpoint.get('Address', '')}:{endpoint.get('Port', '')}",
        "port": endpoint.get("Port"),
        "arn": live["DBInstanceArn"],
        "engineVersionActual": live["EngineVersion"],
        "status": live["DBInstanceStatus"],
        "dbSubnetGroupName": live.get("DBSubnetGroup", {}).get("DBSubnetGroupName"),
        "parameterGroupName": next((group["DBParameterGroupName"] for group in live.get("DBParameterGroups", [])), None),
        "optionGroupName": next((group["OptionGroupName"] for group in live.get("OptionGroupMemberships", [])), None),
        "vpcSecurityGroupIds": [group["VpcSecurityGroupId"] for group in live.get("VpcSecurityGroups", [])],
        "resourceId": live["DbiResourceId"],
        "performanceInsightsEnabled": live.get("PerformanceInsightsEnabled", False),
        "iamDatabaseAuthenticationEnabled": live.get("IAMDatabaseAuthenticationEnabled", False),
        "enabledCloudwatchLogsExports": live.get("EnabledCloudwatchLogsExports", []),
        "caCertIdentifier": live.get("CACertificateIdentifier"),
        "replicas": live.get("ReadReplicaDBInstanceIdentifiers", []),
        "replicateSourceDb": live.get("ReadReplicaSourceDBInstanceIdentifier"),
        "latestRestorableTime": _time(live.get("LatestRestorableTime")),
        "masterUserSecrets": [{"kmsKeyId": secret["KmsKeyId"], "secretArn": secret["SecretArn"], "secretStatus": "active"}]
        if secret
        else [],
        "masterUserSecretKmsKeyId": secret["KmsKeyId"] if secret else None,
        "manageMasterUserPassword": True if secret else None,
    }
    return {key: value for key, value in found.items() if value is not None}


def _time(moment: Any) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else ""
