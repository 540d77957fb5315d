"""The KMS key that opens Vault when a server starts, used by nothing else."""

from dataclasses import dataclass

import pulumi
from pulumi_aws.kms.alias import Alias
from pulumi_aws.kms.key import Key

from components._base import Component, Context, Principal, allow, document
from components._base.policy_document import Document
from config.vocabulary import DataClass

_WAIT_DAYS = 30
_SEAL = ("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt")
"""Source: https://developer.hashicorp.com/vault/docs/configuration/seal/awskms#authentication"""
_ADMINISTER = (
    *("kms:CancelKeyDeletion", "kms:CreateAlias", "kms:DeleteAlias", "kms:DescribeKey", "kms:DisableKeyRotation"),
    *("kms:EnableKey", "kms:EnableKeyRotation", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListAliases"),
    *("kms:ListGrants", "kms:ListKeyPolicies", "kms:ListKeyRotations", "kms:ListResourceTags", "kms:PutKeyPolicy"),
    *("kms:RotateKeyOnDemand", "kms:ScheduleKeyDeletion", "kms:TagResource", "kms:UntagResource", "kms:UpdateAlias"),
    "kms:UpdateKeyDescription",
)
"""All that keeps a key, and nothing that encrypts or decrypts."""


@dataclass(frozen=True, kw_only=True, slots=True)
class VaultSealKeyArgs:
    """Who may use it.

    Raises ValueError for a rotation outside what KMS allows.
    """

    role_arn: str
    """Role of Vault's servers, known before it is there."""
    rotation_days: int = 365
    protect: bool = True
    """Refuse to delete the key: without it Vault, its storage and its backups are closed for ever, recovery keys or not."""

    def __post_init__(self) -> None:
        if not 90 <= self.rotation_days <= 2560:
            raise ValueError(f"rotation_days must be 90 to 2560 (got {self.rotation_days})")


class VaultSealKey(Component, token="platform:VaultSealKey"):
    """A key that Vault's servers alone can use, and that rotates by itself (SEC-2, SEC-4)."""

    arn: pulumi.Output[str]
    alias_name: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: VaultSealKeyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        key = Key(
            f"{name}-key",
            description=f"Unseals Vault of {context.environment} in {context.region}",
            enable_key_rotation=True,
            rotation_period_in_days=args.rotation_days,
            deletion_window_in_days=_WAIT_DAYS,
            policy=seal_key_policy(context, args.role_arn),
            tags=self.tags(DataClass.CREDENTIALS, name=name),
            opts=self.child(protect=args.protect),
        )
        alias = Alias(f"{name}-alias", name=seal_alias(context, name), target_key_id=key.key_id, opts=self.child())
        self.arn = key.arn
        self.alias_name = alias.name
        self.publish()


def seal_alias(context: Context, name: str) -> str:
    """Return the key's alias, known at preview: Vault's configuration names it."""
    return f"alias/{context.physical(name, limit=250)}"


def seal_key_policy(context: Context, role_arn: str) -> Document:
    """Return who may do what with the key: the account keeps it, Vault's role uses it.

    The role is named by a condition and not as principal, since KMS refuses a principal that does not exist yet.
    """
    account = [Principal.aws(context.arn("iam", "root", region=""))]
    return document(
        allow(*_ADMINISTER, on=["*"], to=account, sid="AccountAdministers"),
        allow(*_SEAL, on=["*"], to=account, when={"ArnEquals": {"aws:PrincipalArn": role_arn}}, sid="VaultUnseals"),
    )


def seal_policy(key_arn: pulumi.Input[str]) -> Document:
    """Return what the role of Vault's servers may do in AWS: use that key, and nothing else."""
    return document(allow(*_SEAL, on=[key_arn], sid="Unseal"))
