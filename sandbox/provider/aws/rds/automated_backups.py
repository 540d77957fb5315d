"""RDS automated backups that are replicated to another region."""

from __future__ import annotations

from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.requests import parameters, refusals
from sandbox.provider.values import Properties, known


class InstanceAutomatedBackupsReplication(Handler):
    """Snapshots and transaction logs of an instance, kept in this region; its id is their ARN, drawn by the service."""

    token = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"
    create_only = frozenset({"kmsKeyId", "preSignedUrl", "retentionPeriod", "sourceDbInstanceArn"})
    defaults = {"retentionPeriod": 7}

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        source, days = inputs["sourceDbInstanceArn"], inputs["retentionPeriod"]
        if known(source) and source.split(":")[3:4] == [call.region]:
            return [Failure("sourceDbInstanceArn", f"must be in another region than the backups go to, {call.region} (got {source})")]
        if known(days) and not 1 <= days <= 35:
            return [Failure("retentionPeriod", f"must be 1 to 35 days (got {days})")]
        return refusals("rds", "StartDBInstanceAutomatedBackupsReplication", self._request(inputs))

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        made = call.client("rds").start_db_instance_automated_backups_replication(**self._request(inputs))
        return made["DBInstanceAutomatedBackup"]["DBInstanceAutomatedBackupsArn"], {}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        found = call.client("rds").describe_db_instance_automated_backups(DBInstanceAutomatedBackupsArn=resource_id)
        live = next(iter(found["DBInstanceAutomatedBackups"]), None)
        if live is None:
            return None
        return {
            "sourceDbInstanceArn": live["DBInstanceArn"],
            "retentionPeriod": live["BackupRetentionPeriod"],
            **({"kmsKeyId": live["KmsKeyId"]} if live.get("KmsKeyId") else {}),
        }

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        if self.read(call, resource_id, state) is not None:
            call.client("rds").stop_db_instance_automated_backups_replication(SourceDBInstanceArn=state["sourceDbInstanceArn"])

    def _request(self, inputs: Properties) -> Properties:
        return parameters(
            inputs,
            SourceDBInstanceArn="sourceDbInstanceArn",
            BackupRetentionPeriod="retentionPeriod",
            KmsKeyId="kmsKeyId",
            PreSignedUrl="preSignedUrl",
        )
