"""A role that people take on, with a second factor each time (SEC-1)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws.iam.role import Role
from pulumi_aws.iam.role_policy import RolePolicy
from pulumi_aws.iam.role_policy_attachment import RolePolicyAttachment

from components._base import Component, Context, Principal
from components._base.policy_document import Document, allow, document
from config.vocabulary import DataClass


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonRoleArgs:
    """What the role is for and how long a session lasts.

    Raises ValueError for a role name or times outside of what IAM allows, and for a role that may do nothing.
    """

    role_name: str
    """Its name in the account, which people and clusters know it by."""
    purpose: str
    aws_policies: Sequence[str] = ()
    """AWS's own policies by name, such as `SecurityAudit`."""
    document: Document | None = None
    boundary_arn: pulumi.Input[str] | None = None
    """Nothing for the one role that repairs the others."""
    session_seconds: int = 3600
    mfa_seconds: int = 3600
    """Age of the second factor up to which the role can be taken on."""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z]+(-[a-z]+)*", self.role_name) or len(self.role_name) > 64:
            raise ValueError(f"role_name must be lower-case words joined by hyphens, of at most 64 characters (got {self.role_name!r})")
        if not 3600 <= self.session_seconds <= 43200:
            raise ValueError(f"session_seconds must be 3600 to 43200, as IAM allows (got {self.session_seconds})")
        if not 60 <= self.mfa_seconds <= 129600:
            raise ValueError(f"mfa_seconds must be 60 to 129600 (got {self.mfa_seconds})")
        if not self.aws_policies and self.document is None:
            raise ValueError(f"give {self.role_name} aws_policies or a document: it could do nothing")


def trust(context: Context, mfa_seconds: int) -> Document:
    """Return the trust policy: people of this account, in person, with a device used no longer ago than `mfa_seconds`.

    Which people is decided by their groups, whose policies name the role. The session carries the person's name.
    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html
    """
    return document(
        allow(
            "sts:AssumeRole",
            to=[Principal.aws(context.arn("iam", "root", region=""))],
            when={
                "Bool": {"aws:MultiFactorAuthPresent": "true"},
                "NumericLessThan": {"aws:MultiFactorAuthAge": str(mfa_seconds)},
                "ArnLike": {"aws:PrincipalArn": context.arn("iam", "user/people/*", region="")},
                "StringEquals": {"sts:RoleSessionName": "${aws:username}"},
            },
            sid="PeopleWithMfa",
        )
    )


class PersonRole(Component, token="identity:PersonRole"):
    """A role for people: MFA only, sessions under their own name, inside a boundary (SEC-1)."""

    arn: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: PersonRoleArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        role = Role(
            f"{name}-role",
            name=args.role_name,
            description=args.purpose,
            assume_role_policy=trust(context, args.mfa_seconds),
            permissions_boundary=args.boundary_arn,
            max_session_duration=args.session_seconds,
            tags=self.tags(DataClass.OPERATIONAL, name=name),
            opts=self.child(),
        )
        for policy in args.aws_policies:
            RolePolicyAttachment(
                f"{name}-{policy.rpartition('/')[2]}",
                role=role.name,
                policy_arn=f"arn:aws:iam::aws:policy/{policy}",
                opts=self.child(),
            )
        if args.document is not None:
            RolePolicy(f"{name}-duty", name="duty", role=role.name, policy=args.document, opts=self.child())
        self.arn = role.arn
        self.publish()
