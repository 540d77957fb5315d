"""Who may do what: people, pipelines and their roles once in each account, and what watches over access in each region (SEC-1, SEC-9)."""

from collections.abc import Mapping

import pulumi

from components._base import Context
from components.identity.access_analyzer import AccessAnalyzer, AccessAnalyzerArgs
from components.identity.boundary import Boundary, BoundaryArgs
from components.identity.boundary_document import people_boundary, pipeline_boundary
from components.identity.break_glass_alarm import BreakGlassAlarm, BreakGlassAlarmArgs
from components.identity.duties import BREAK_GLASS, duties
from components.identity.mfa_guard import MfaGuard
from components.identity.password_policy import PasswordPolicy
from components.identity.people import People, PeopleArgs
from components.identity.person_role import PersonRole, PersonRoleArgs
from components.identity.pipelines import Pipelines, PipelinesArgs
from config.load import Settings
from config.people import ROLES
from config.vocabulary import Region
from stacks.foundation import Foundation

BREAK_GLASS_MFA_SECONDS = 300
"""The device is used anew for each use of the break-glass role."""

Roles = Mapping[str, pulumi.Output[str]]
"""Name of a role in the account to its ARN, for what must wait until the role is there."""


def build_identity(settings: Settings, context: Context, foundation: Foundation) -> Roles:
    """Build what this stack owns of the account and of its region, and return the roles it made: none where another stack does."""
    owns_account, estate = settings.estate.owns_account(settings.stack), settings.estate
    roles = _account(settings, context) if owns_account else {}
    if estate.owns_region(settings.stack):
        # What nobody uses is the same in every region: one analyzer for it is enough, and each one costs.
        unused_days = estate.facts.identity.unused_access_days if owns_account else None
        AccessAnalyzer("access-analyzer", context, AccessAnalyzerArgs(unused_days=unused_days))
        BreakGlassAlarm(
            "break-glass-alarm",
            context,
            BreakGlassAlarmArgs(
                role_arn=context.arn("iam", f"role/{_role_name(BREAK_GLASS)}", region=""),
                alert_topic_arn=foundation.alert_topic_arn,
            ),
        )
    return roles


def _account(settings: Settings, context: Context) -> Roles:
    """Build what exists once in the account."""
    regions = _regions(settings)
    PasswordPolicy("password-policy", context)
    people = Boundary("people-boundary", context, BoundaryArgs(holders="people", document=people_boundary(context, regions)))
    roles = _roles(context, people.arn)
    People(
        "people",
        context,
        PeopleArgs(
            guard_policy_arn=MfaGuard("mfa-guard", context).policy_arn,
            # By their derived ARNs, which a preview knows: what a group opens can then be judged before anything is made.
            groups={group.value: [context.arn("iam", f"role/{_role_name(role)}", region="")] for group, role in ROLES.items()},
            # Where this account has a region of the estate, and with it an alarm.
            regions=sorted({plan.region for plan in settings.estate.plans.values() if plan.account_id == context.account_id}),
            people=settings.admitted,
        ),
    )
    _pipelines(settings, context, regions)
    return roles


def _roles(context: Context, boundary_arn: pulumi.Output[str]) -> Roles:
    return {
        _role_name(short): PersonRole(
            short,
            context,
            PersonRoleArgs(
                role_name=_role_name(short),
                purpose=duty.purpose,
                aws_policies=duty.aws_policies,
                document=duty.document,
                boundary_arn=boundary_arn if duty.bounded else None,
                mfa_seconds=3600 if duty.bounded else BREAK_GLASS_MFA_SECONDS,
            ),
        ).arn
        for short, duty in duties(context).items()
    }


def _pipelines(settings: Settings, context: Context, regions: list[Region]) -> None:
    """Build the roles of the environments that live in this account."""
    plans, gitlab = settings.estate.plans, settings.estate.facts.identity.gitlab
    here = {plan.environment for plan in plans.values() if plan.account_id == context.account_id}
    boundary = Boundary("pipeline-boundary", context, BoundaryArgs(holders="pipelines", document=pipeline_boundary(context, regions)))
    Pipelines(
        "pipelines",
        context,
        PipelinesArgs(
            url=gitlab.url,
            project=gitlab.project,
            branches={environment: branch for environment, branch in gitlab.branches.items() if environment in here},
            boundary_arn=boundary.arn,
            state_bucket=gitlab.state_bucket,
        ),
    )


def _regions(settings: Settings) -> list[Region]:
    """Return the regions in which the account holds anything, copies included."""
    plans = [plan for plan in settings.estate.plans.values() if plan.account_id == settings.plan.account_id]
    return sorted({region for plan in plans for region in (plan.region, *plan.copies)})


def _role_name(short: str) -> str:
    return f"platform-{short}"
