"""A database's own backups in a second region."""

from dataclasses import replace

import pytest

from components.data.backup_replication import BackupReplication, BackupReplicationArgs
from config.vocabulary import Region
from tests.kit.contexts import ACCOUNT, a_context
from tests.kit.recorder import record

REPLICATION = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"
ARGS = BackupReplicationArgs(
    source_arn=f"arn:aws:rds:us-east-1:{ACCOUNT}:db:morefocus-prod-use1-database",
    source_region="us-east-1",
    key_arn=f"arn:aws:kms:us-west-2:{ACCOUNT}:key/personal",
)
THERE = a_context(Region.US_EAST_1).copy_in(Region.US_WEST_2)


def test_backups_are_kept_thirty_days_under_a_key_of_the_region_they_go_to() -> None:
    graph = record(lambda: BackupReplication("backups", THERE, ARGS))
    found = graph.one(REPLICATION)
    assert found.inputs == {
        "sourceDbInstanceArn": ARGS.source_arn,
        "kmsKeyId": ARGS.key_arn,
        "retentionPeriod": 30,
        "region": "us-west-2",
    }
    assert graph.outputs_of(graph.one("morefocus:data:BackupReplication"))["backups_arn"] == f"{found.name}-id"


@pytest.mark.parametrize("days", [0, 36])
def test_days_that_rds_does_not_keep_are_refused(days: int) -> None:
    with pytest.raises(ValueError, match="days must be 1 to 35"):
        replace(ARGS, days=days)


def test_backups_in_the_databases_own_region_are_no_replication() -> None:
    with pytest.raises(ValueError, match="another region than the database's own"):
        BackupReplication("backups", a_context(Region.US_EAST_1), ARGS)
