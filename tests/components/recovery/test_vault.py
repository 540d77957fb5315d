from collections.abc import Callable
from dataclasses import replace

import pytest

from components.recovery.vault import EVENTS, Vault, VaultArgs, VaultLock, vault_policy
from config.vocabulary import DataClass, Region
from tests.kit.contexts import ACCOUNT, a_context
from tests.kit.policy_judge import Request, denied
from tests.kit.recorder import Graph, record

TOPIC = f"arn:aws:sns:us-east-1:{ACCOUNT}:alerts"
ARGS = VaultArgs(
    key_arn=f"arn:aws:kms:us-east-1:{ACCOUNT}:key/personal",
    data_class=DataClass.PERSONAL,
    lock=VaultLock(min_days=7, max_days=400),
    topic_arn=TOPIC,
)
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
POINT = "arn:aws:rds:us-east-1:123456789012:snapshot:awsbackup:job-1"


@pytest.fixture(scope="module")
def graph() -> Graph:
    return record(lambda: Vault("points", a_context(), ARGS))


def test_a_vault_is_encrypted_by_the_given_key_and_refuses_to_be_deleted(graph: Graph) -> None:
    vault = graph.one("aws:backup/vault:Vault")
    assert vault.inputs["kmsKeyArn"] == ARGS.key_arn
    assert vault.inputs["name"] == "morefocus-prod-use1-points"
    assert vault.protect


def test_a_lock_in_governance_has_no_day_from_which_it_is_for_ever(graph: Graph) -> None:
    lock = graph.one("aws:backup/vaultLockConfiguration:VaultLockConfiguration").inputs
    assert (lock["minRetentionDays"], lock["maxRetentionDays"]) == (7, 400)
    assert "changeableForDays" not in lock


def test_a_lock_in_compliance_says_how_long_it_can_be_taken_back() -> None:
    locked = replace(ARGS, lock=VaultLock(min_days=7, max_days=400, mode="compliance", grace_days=5))
    graph = record(lambda: Vault("points", a_context(), locked))
    assert graph.one("aws:backup/vaultLockConfiguration:VaultLockConfiguration").inputs["changeableForDays"] == 5


@pytest.mark.parametrize(
    "action", ["backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle", "backup:DisassociateRecoveryPoint"]
)
def test_not_even_the_accounts_root_shortens_a_recovery_points_life(action: str) -> None:
    assert denied(str(vault_policy(a_context())), Request(action=action, resource=POINT, principal=ROOT, context={}))


@pytest.mark.parametrize(("account", "region", "refused"), [("210987654321", "us-east-1", True), (ACCOUNT, "eu-west-1", False)])
def test_copies_go_to_vaults_of_the_account_in_any_region_and_to_no_others(account: str, region: str, refused: bool) -> None:
    target = f"arn:aws:backup:{region}:{account}:backup-vault:points"
    request = Request(action="backup:CopyFromBackupVault", resource=POINT, principal=ROOT, context={"backup:CopyTargets": target})
    assert denied(str(vault_policy(a_context())), request) is refused


def test_what_a_vault_sees_fail_is_told_to_the_topic(graph: Graph) -> None:
    told = graph.one("aws:backup/vaultNotifications:VaultNotifications").inputs
    assert told["snsTopicArn"] == TOPIC
    assert sorted(told["backupVaultEvents"]) == sorted(EVENTS)


def test_a_vault_of_copies_tells_nobody_and_has_a_name_of_its_own() -> None:
    context = a_context(Region.EU_WEST_1).copy_in(Region.EU_CENTRAL_1)
    graph = record(lambda: Vault(context.logical("points"), context, replace(ARGS, topic_arn=None)))
    assert graph.of_type("aws:backup/vaultNotifications:VaultNotifications") == []
    assert graph.one("aws:backup/vault:Vault").inputs["name"] == "morefocus-prod-euw1-euc1-points"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: VaultLock(min_days=8, max_days=7), r"in this order \(got 8 and 7\)"),
        (lambda: VaultLock(min_days=0, max_days=7), "1 to 36500"),
        (lambda: VaultLock(min_days=7, max_days=8, grace_days=2), r"grace_days must be at least 3 \(got 2\)"),
        (lambda: VaultLock(min_days=7, max_days=8, mode="none"), "governance or compliance"),  # type: ignore[arg-type]
    ],
)
def test_a_lock_that_aws_would_refuse_is_refused_at_once(make: Callable[[], VaultLock], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()
