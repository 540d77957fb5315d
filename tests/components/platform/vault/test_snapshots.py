from components.platform.vault.snapshots import VaultSnapshots, VaultSnapshotsArgs, carrier_policy
from tests.kit.contexts import ACCOUNT, a_context
from tests.kit.policy_judge import Request, allowed
from tests.kit.recorder import record

KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/vault-snapshots"
THROUGH_S3 = {"kms:ViaService": "s3.us-east-1.amazonaws.com"}


def test_a_snapshot_is_taken_every_six_hours_and_then_carried_away() -> None:
    args = VaultSnapshotsArgs(namespace="vault", image="v:1", carrier_image="a:1", bucket="backups", priority_class="batch")
    spec = record(lambda: VaultSnapshots("vault-snapshots", a_context(), args)).one("kubernetes:batch/v1:CronJob").inputs["spec"]
    assert spec["schedule"] == "7 */6 * * *"
    pod = spec["jobTemplate"]["spec"]["template"]["spec"]
    assert [each["name"] for each in pod["initContainers"]] == ["save"] and [each["name"] for each in pod["containers"]] == ["carry"]
    # The one that takes it writes, the one that carries it reads; and that one holds no token of Vault.
    folders = {
        each["name"]: {mount["name"]: mount for mount in each["volumeMounts"]} for each in (*pod["initContainers"], *pod["containers"])
    }
    assert not folders["save"]["snapshot"]["readOnly"] and folders["carry"]["snapshot"]["readOnly"]
    assert "token" not in folders["carry"]


def test_whoever_carries_snapshots_adds_them_under_their_own_prefix_and_can_neither_read_nor_delete_any() -> None:
    policy = str(carrier_policy(a_context(), "backups", KEY))

    def may(action: str, resource: str, **context: str) -> bool:
        return allowed(policy, Request(action=action, resource=resource, principal=ROLE, context=context))

    assert may("s3:PutObject", "arn:aws:s3:::backups/vault/2026/11/22/000000.snap")
    assert not may("s3:PutObject", "arn:aws:s3:::backups/database/x") and not may("s3:GetObject", "arn:aws:s3:::backups/vault/x")
    assert not may("s3:DeleteObject", "arn:aws:s3:::backups/vault/x")
    assert allowed(policy, Request(action="kms:GenerateDataKey", resource=KEY, principal=ROLE, context=THROUGH_S3))
    assert not may("kms:GenerateDataKey", KEY)
