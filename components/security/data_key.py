"""The KMS key of one data class."""

from dataclasses import dataclass

import pulumi
from pulumi_aws.kms.alias import Alias
from pulumi_aws.kms.key import Key

from components._base import Component, Context
from components.security.key_policy import KEY_SERVICES, key_policy
from config.vocabulary import DataClass

_WAIT_DAYS = 30
"""The longest wait before a deleted key is gone, in which deletion can be taken back."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DataKeyArgs:
    """Whose key it is.

    Raises ValueError for the class `public`, and for a rotation outside what KMS allows.
    """

    data_class: DataClass
    rotation_days: int = 365
    protect: bool = True
    """Refuse to delete the key: with it goes all that it encrypted."""

    def __post_init__(self) -> None:
        if self.data_class not in KEY_SERVICES:
            raise ValueError(f"data_class must be one of {', '.join(KEY_SERVICES)} (got {self.data_class})")
        if not 90 <= self.rotation_days <= 2560:
            raise ValueError(f"rotation_days must be 90 to 2560 (got {self.rotation_days})")


class DataKey(Component, token="security:DataKey"):
    """A symmetric key that rotates by itself, with an alias known at preview (SEC-4)."""

    arn: pulumi.Output[str]
    alias_name: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: DataKeyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        key = Key(
            f"{name}-key",
            description=f"Encrypts {args.data_class} data of {context.environment} in {context.region}",
            enable_key_rotation=True,
            rotation_period_in_days=args.rotation_days,
            deletion_window_in_days=_WAIT_DAYS,
            policy=key_policy(context, args.data_class),
            tags=self.tags(args.data_class, name=name),
            opts=self.child(protect=args.protect),
        )
        alias = Alias(
            f"{name}-alias",
            name=f"alias/{context.physical(args.data_class.value, limit=250)}",
            target_key_id=key.key_id,
            opts=self.child(),
        )
        self.arn = key.arn
        self.alias_name = alias.name
        self.publish()
