"""The secrets of a region, each encrypted, guarded and renewed as its row says (SEC-2, API-6)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
from pulumi_aws.secretsmanager.secret import Secret
from pulumi_aws.secretsmanager.secret_rotation import SecretRotation
from pulumi_aws.secretsmanager.secret_version import SecretVersion

from components._base import Component, Context, Principal, deny, document
from components._base.policy_document import Document
from components.security.secret_row import SecretRow
from config.vocabulary import DataClass, Region

SEED = {"state": "the first rotation makes the value"}
"""What a rotating secret holds until then: a rotation needs a version to begin with, and no value may be in the stack's state."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """One secret that is made here."""

    row: SecretRow
    purpose: str
    replicates: bool = False
    """Copied to all of `replicas`."""
    readers: Sequence[str] = ()
    """ARNs of roles that may read this one, beside those that may read all."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SecretsArgs:
    """Which secrets, under which key, and who may read them.

    Raises ValueError when nobody may read them.
    """

    secrets: Mapping[str, Kept]
    key_arn: pulumi.Input[str]
    """KMS key of credentials."""
    rotation_arn: pulumi.Input[str]
    """Function that renews them."""
    readers: Sequence[str]
    """ARNs of roles that may read values, with `*`; nobody else of the account may, whatever their own policies say."""
    rotated_elsewhere: Mapping[str, tuple[pulumi.Input[str], SecretRow]] = field(default_factory=dict)
    """ARNs of secrets that other components keep and the function renews, by logical name."""
    replicas: Mapping[Region, pulumi.Input[str]] = field(default_factory=dict)
    """Region to the KMS key there, of copies that the transfer register allows."""
    protect: bool = True
    """Deleted secrets can be brought back for 30 days, and the engine refuses to delete them."""

    def __post_init__(self) -> None:
        if not self.readers:
            raise ValueError("readers must name at least one role: a secret that nobody reads is of no use (got none)")


class Secrets(Component, token="security:Secrets"):
    """One secret for each row: generated ones are filled and renewed by the function, issued ones wait for a person (SEC-2, API-6)."""

    arns: pulumi.Output[dict[str, str]]
    """ARN of each secret by its name in the catalogue."""

    def __init__(self, name: str, context: Context, args: SecretsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        made = {each: self._secret(each, kept) for each, kept in sorted(args.secrets.items())}
        for each, (arn, row) in sorted(args.rotated_elsewhere.items()):
            self._rotation(each, arn, row, at_once=False, after=[])
        self.arns = pulumi.Output.all(**{each: secret.arn for each, secret in made.items()}).apply(dict)
        self.publish()

    def _secret(self, name: str, kept: Kept) -> Secret:
        args = self._args
        replicas = args.replicas if kept.replicates else {}
        secret = Secret(
            name,
            name=self.context.physical(name),
            description=kept.purpose,
            kms_key_id=args.key_arn,
            policy=secret_policy(self.context, [*args.readers, *kept.readers]),
            recovery_window_in_days=30 if args.protect else 0,
            replicas=[{"region": region.value, "kms_key_id": key} for region, key in replicas.items()] or None,
            tags=self.tags(DataClass.CREDENTIALS, name=name),
            opts=self.child(protect=args.protect),
        )
        if kept.row.rotates:
            seed = SecretVersion(
                f"{name}-seed",
                secret_id=secret.arn,
                secret_string=json.dumps(SEED),
                # A label of its own keeps this version from being cleaned away, after which a refresh would make it the current one.
                version_stages=["AWSCURRENT", "seed"],
                opts=self.child(ignore_changes=["secretString", "versionStages"]),
            )
            self._rotation(name, secret.arn, kept.row, at_once=True, after=[seed])
        return secret

    def _rotation(self, name: str, arn: pulumi.Input[str], row: SecretRow, *, at_once: bool, after: list[pulumi.Resource]) -> None:
        SecretRotation(
            f"{name}-rotation",
            secret_id=arn,
            rotation_lambda_arn=self._args.rotation_arn,
            rotate_immediately=at_once,
            rotation_rules={"automatically_after_days": row.days},
            opts=self.child(depends_on=after),
        )


def secret_policy(context: Context, readers: Sequence[str]) -> Document:
    """Return who may do nothing with a secret: whoever has no TLS or is of another account; and who may not read its value.

    Identities that may read still need a policy of their own that says so.
    Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html
    """
    everyone = [Principal.everyone()]
    return document(
        deny("secretsmanager:*", on=["*"], to=everyone, when={"Bool": {"aws:SecureTransport": "false"}}, sid="TlsOnly"),
        deny(
            "secretsmanager:*",
            on=["*"],
            to=everyone,
            when={
                "StringNotEquals": {"aws:PrincipalAccount": context.account_id},
                "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
            },
            sid="ThisAccountOnly",
        ),
        deny(
            *("secretsmanager:BatchGetSecretValue", "secretsmanager:GetSecretValue"),
            on=["*"],
            to=everyone,
            when={"ArnNotLike": {"aws:PrincipalArn": list(readers)}, "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}},
            sid="ReadersOnly",
        ),
    )
