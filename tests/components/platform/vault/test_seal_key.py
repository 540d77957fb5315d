import pytest

from components.platform.vault.seal_key import VaultSealKey, VaultSealKeyArgs, seal_key_policy, seal_policy
from tests.kit.contexts import ACCOUNT, a_context
from tests.kit.policy_judge import Request, allowed
from tests.kit.recorder import record

ROLE = f"arn:aws:iam::{ACCOUNT}:role/morefocus-prod-use1-vault-identity"
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1"


def _may(action: str, principal: str) -> bool:
    request = Request(action=action, resource=KEY, principal=principal, context={"aws:PrincipalArn": principal})
    return allowed(str(seal_key_policy(a_context(), ROLE)), request)


def test_vault_alone_uses_the_key_and_the_account_only_keeps_it() -> None:
    administrator = f"arn:aws:iam::{ACCOUNT}:role/platform-administrator"
    assert all(_may(action, ROLE) for action in ("kms:Encrypt", "kms:Decrypt", "kms:DescribeKey"))
    assert not any(_may(action, administrator) for action in ("kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:CreateGrant"))
    assert _may("kms:ScheduleKeyDeletion", administrator) and not _may("kms:Decrypt", "arn:aws:iam::999999999999:role/other")


def test_the_servers_role_uses_that_key_and_does_nothing_else() -> None:
    policy = str(seal_policy(KEY))

    def may(action: str, resource: str) -> bool:
        return allowed(policy, Request(action=action, resource=resource, principal=ROLE))

    assert may("kms:Decrypt", KEY) and not may("kms:Decrypt", KEY.replace("key/1", "key/2"))
    assert not may("kms:CreateGrant", KEY) and not may("s3:GetObject", "arn:aws:s3:::any/thing")


def test_the_key_rotates_is_protected_and_is_found_by_its_alias() -> None:
    graph = record(lambda: VaultSealKey("vault-seal", a_context(), VaultSealKeyArgs(role_arn=ROLE)))
    key = graph.one("aws:kms/key:Key")
    assert key.protect and key.inputs["enableKeyRotation"] and key.inputs["deletionWindowInDays"] == 30
    assert key.inputs["tags"]["data-class"] == "credentials"
    assert graph.one("aws:kms/alias:Alias").inputs["name"] == "alias/morefocus-prod-use1-vault-seal"


def test_a_rotation_that_kms_refuses_is_refused() -> None:
    with pytest.raises(ValueError, match="90 to 2560"):
        VaultSealKeyArgs(role_arn=ROLE, rotation_days=30)
