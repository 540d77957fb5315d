"""Encryption of every EBS volume of a region, whoever makes it (DAT-8)."""

from dataclasses import dataclass

import pulumi
from pulumi_aws.ebs.default_kms_key import DefaultKmsKey
from pulumi_aws.ebs.encryption_by_default import EncryptionByDefault

from components._base import Component, Context


@dataclass(frozen=True, kw_only=True, slots=True)
class VolumeEncryptionArgs:
    """Which key."""

    key_arn: pulumi.Input[str]
    """KMS key whose policy lets EC2 and auto scaling use it: that of operational data."""


class VolumeEncryption(Component, token="security:VolumeEncryption"):
    """EBS encryption by default, with the estate's own key: a setting of the account in this region."""

    def __init__(self, name: str, context: Context, args: VolumeEncryptionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        key = DefaultKmsKey(f"{name}-default-key", key_arn=args.key_arn, opts=self.child())
        EncryptionByDefault(f"{name}-by-default", enabled=True, opts=self.child(depends_on=[key]))
        self.publish()
