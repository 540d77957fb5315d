"""A user name and password of a data store, made up here and kept in Secrets Manager (SEC-2)."""

import json
import secrets
import string
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi.output import UNKNOWN
from pulumi_aws.secretsmanager.secret import Secret
from pulumi_aws.secretsmanager.secret_version import SecretVersion

from components._base.component import Component
from config.vocabulary import DataClass

_LETTERS_AND_DIGITS = string.ascii_letters + string.digits


@dataclass(frozen=True, slots=True)
class StoredCredential:
    """Where the credential is, and the password for the one resource that is created with it."""

    arn: pulumi.Output[str]
    password: pulumi.Output[str]


def new_password(length: int = 40) -> str:
    """Return a password of letters and digits, which every connection string carries without escaping."""
    return "".join(secrets.choice(_LETTERS_AND_DIGITS) for _ in range(length))


def new_content(facts: Mapping[str, str | int]) -> pulumi.Output[str]:
    """Return what a new secret holds: `facts` and a new password, as JSON.

    A preview does not know it yet: a plan that named one password could never be applied, since each run makes up another.
    """
    if pulumi.runtime.is_dry_run():
        unknown: pulumi.Output[str] = pulumi.Output.from_input(UNKNOWN)  # type: ignore[arg-type]
        return pulumi.Output.secret(unknown)
    return pulumi.Output.secret(json.dumps({**facts, "password": new_password()}))


def stored_credential(
    owner: Component, name: str, *, username: str, facts: Mapping[str, str | int], key_arn: pulumi.Input[str], protect: bool
) -> StoredCredential:
    """Create under `owner` a secret that holds `username`, a new password and `facts` as JSON.

    The keys are those that AWS's rotation functions read.
    Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_secret_json_structure.html
    """
    secret = Secret(
        f"{name}-secret",
        name=owner.context.physical(name),
        description=f"User {username} of {owner.context.physical(name)}",
        kms_key_id=key_arn,
        # Without a window the name is free again at once, as a stack that comes and goes needs it.
        recovery_window_in_days=30 if protect else 0,
        tags=owner.tags(DataClass.CREDENTIALS, name=f"{name}-secret"),
        opts=owner.child(protect=protect),
    )
    # Each run makes a password up and only the first is stored; the store is then given what the secret holds. So the two
    # agree also when an `up` ends between them, and a rotation is not undone.
    version = SecretVersion(
        f"{name}-secret",
        secret_id=secret.arn,
        secret_string=new_content({**facts, "username": username}),
        opts=owner.child(ignore_changes=["secretString"]),
    )
    password = version.secret_string.apply(lambda content: str(json.loads(content or "{}")["password"]))
    # The id it was given: the secret's ARN, known once there is something in it.
    return StoredCredential(version.secret_id, pulumi.Output.secret(password))
