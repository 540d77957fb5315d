"""What every person may do alone, and that nobody may do more without a second factor (SEC-1)."""

import pulumi
from pulumi_aws.iam.policy import Policy

from components._base import Component, Context
from components._base.policy_document import Document, allow, deny_all_but, document
from config.vocabulary import DataClass

_ENROL = (
    *("iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:GetMFADevice", "iam:ListMFADevices"),
    *("iam:ListVirtualMFADevices", "iam:ResyncMFADevice", "sts:GetSessionToken"),
)
"""What enrolling a device takes, and signing in with it where there is no console."""
_PASSWORD = ("iam:ChangePassword", "iam:GetAccountPasswordPolicy", "iam:GetUser")


def self_service(context: Context) -> Document:
    """Return what lets people keep their own password and devices, and denies them all else until they have used a device.

    `BoolIfExists`, because long-lived credentials carry no such key at all, and they are to be denied too.
    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_my-sec-creds-self-manage-mfa-only.html
    """
    oneself = [context.arn("iam", f"user/people/{path}${{aws:username}}", region="") for path in ("", "*/")]
    devices = [context.arn("iam", "mfa/*", region="")]
    return document(
        allow("iam:GetAccountPasswordPolicy", "iam:ListVirtualMFADevices", on=["*"], sid="SeeRulesAndDevices"),
        # By any name: it belongs to nobody until it is enabled, and that only works for oneself.
        allow("iam:CreateVirtualMFADevice", on=devices, sid="MakeDevice"),
        allow(
            *("iam:ChangePassword", "iam:EnableMFADevice", "iam:GetMFADevice", "iam:GetUser", "iam:ListMFADevices", "iam:ResyncMFADevice"),
            on=oneself,
            sid="KeepOwnPasswordAndDevices",
        ),
        allow(
            *("iam:DeactivateMFADevice", "iam:DeleteVirtualMFADevice"),
            on=[*oneself, *devices],
            when={"Bool": {"aws:MultiFactorAuthPresent": "true"}},
            sid="ReplaceDeviceWithDevice",
        ),
        deny_all_but(
            *_ENROL,
            *_PASSWORD,
            on=["*"],
            when={"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
            sid="NothingElseWithoutMfa",
        ),
    )


class MfaGuard(Component, token="identity:MfaGuard"):
    """A policy for every group of people: one's own password and device, and nothing else without MFA (SEC-1)."""

    policy_arn: pulumi.Output[str]

    def __init__(self, name: str, context: Context, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        policy = Policy(
            f"{name}-policy",
            name="people-mfa-guard",
            path="/people/",
            description="Own password and MFA device; without MFA nothing else",
            policy=self_service(context),
            tags=self.tags(DataClass.OPERATIONAL, name=name),
            opts=self.child(),
        )
        self.policy_arn = policy.arn
        self.publish()
