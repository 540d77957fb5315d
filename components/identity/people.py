"""People, from the configuration to their groups (SEC-1, SEC-9)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws.iam.group import Group
from pulumi_aws.iam.group_policy_attachment import GroupPolicyAttachment
from pulumi_aws.iam.policy import Policy
from pulumi_aws.iam.user import User
from pulumi_aws.iam.user_group_membership import UserGroupMembership

from components._base import Component, Context
from components._base.policy_document import allow, document
from components.identity.duties import people_path
from config.vocabulary import DataClass, Region

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@dataclass(frozen=True, kw_only=True, slots=True)
class PeopleArgs:
    """Groups with the roles they open, and people with their groups.

    Raises ValueError for a name that is none, and for a person without a group or in one that does not exist.
    """

    guard_policy_arn: pulumi.Input[str]
    """Policy of every group, which denies what is done without MFA."""
    groups: Mapping[str, Sequence[pulumi.Input[str]]]
    """Group to the ARNs of the roles its members may take on."""
    regions: Sequence[Region]
    """Where STS may be asked for a role: elsewhere nobody would be told of it."""
    people: Mapping[str, Sequence[str]]
    """Person to groups; whoever is not named any more is removed, with password, keys and devices."""

    def __post_init__(self) -> None:
        if not self.regions:
            raise ValueError("regions must name at least one region (got none): nobody could take on a role")
        for name in (*self.groups, *self.people):
            if not _NAME.fullmatch(name) or len(name) > 64:
                raise ValueError(f"names are lower-case words joined by hyphens, of at most 64 characters (got {name!r})")
        for person, groups in self.people.items():
            strange = sorted(set(groups) - set(self.groups))
            if strange or not groups:
                raise ValueError(f"{person} must be in at least one of {', '.join(self.groups)} (got {', '.join(strange) or 'none'})")


class People(Component, token="identity:People"):
    """Users without access keys, in groups that may only take on roles, and that only with MFA (SEC-1, SEC-9)."""

    def __init__(self, name: str, context: Context, args: PeopleArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        groups = {group: self._group(group, roles, args) for group, roles in args.groups.items()}
        for person, memberships in args.people.items():
            user = User(
                f"{name}-{person}",
                name=person,
                path=people_path(memberships),
                # Otherwise a password or a device would keep whoever left in the account.
                force_destroy=True,
                tags=self.tags(DataClass.PERSONAL, name=f"{name}-{person}"),
                opts=self.child(),
            )
            UserGroupMembership(
                f"{name}-{person}-groups",
                user=user.name,
                groups=[groups[each].name for each in memberships],
                opts=self.child(),
            )
        self.publish()

    def _group(self, group: str, roles: Sequence[pulumi.Input[str]], args: PeopleArgs) -> Group:
        logical = f"{self._component}-{group}"
        made = Group(logical, name=group, path="/people/", opts=self.child())
        entry = Policy(
            f"{logical}-entry",
            name=f"{group}-entry",
            path="/people/",
            description=f"The roles that {group} may take on",
            policy=document(
                allow(
                    "sts:AssumeRole",
                    on=roles,
                    when={"StringEquals": {"aws:RequestedRegion": sorted(args.regions)}},
                    sid="TakeOnRoles",
                )
            ),
            tags=self.tags(DataClass.OPERATIONAL, name=f"{logical}-entry"),
            opts=self.child(),
        )
        GroupPolicyAttachment(f"{logical}-roles", group=made.name, policy_arn=entry.arn, opts=self.child())
        GroupPolicyAttachment(f"{logical}-guard", group=made.name, policy_arn=args.guard_policy_arn, opts=self.child())
        return made
