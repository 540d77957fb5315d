"""How a region's functions take new versions into service: a small share of the calls first, the rest when no alarm rings (DEL-3)."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws.codedeploy.application import Application
from pulumi_aws.codedeploy.deployment_config import DeploymentConfig
from pulumi_aws.iam.role import Role
from pulumi_aws.iam.role_policy import RolePolicy

from components._base import Component, Context, allow, assume_role, document
from components._base.policy_document import Document
from config.vocabulary import DataClass

_LONGEST_MINUTES = 2880
"""Two days. Source: https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_TimeBasedCanary.html"""


@dataclass(frozen=True, kw_only=True, slots=True)
class CanaryArgs:
    """Which shares of the calls a new version gets one after the other, and how long each is watched.

    Raises ValueError for shares that do not rise to 100, and for minutes that CodeDeploy does not take.
    """

    functions: Sequence[str]
    """Physical names of the functions whose aliases are moved."""
    steps: Sequence[int] = (5, 25, 50, 100)
    """Percent. `scripts.rollout` goes through all of them; CodeDeploy itself knows the first and the last (ADR 26)."""
    bake_minutes: int = 5

    def __post_init__(self) -> None:
        if list(self.steps) != sorted(set(self.steps)) or len(self.steps) < 2 or self.steps[0] < 1 or self.steps[-1] != 100:
            raise ValueError(f"steps must be at least two rising percentages that end in 100 (got {list(self.steps)})")
        if not 1 <= self.unattended_minutes <= _LONGEST_MINUTES:
            raise ValueError(f"bake_minutes must be 1 to {_LONGEST_MINUTES // (len(self.steps) - 1)} (got {self.bake_minutes})")
        if not self.functions:
            raise ValueError("functions must name at least one function")

    @property
    def unattended_minutes(self) -> int:
        """As long as all steps but the last are watched together."""
        return self.bake_minutes * (len(self.steps) - 1)


class Canary(Component, token="serverless:Canary"):
    """The CodeDeploy application of a region's functions, its configuration, and the role that moves their aliases (DEL-2, DEL-3)."""

    application: pulumi.Output[str]
    config: pulumi.Output[str]
    role_arn: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: CanaryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        application = Application(
            f"{name}-application",
            name=context.physical(name),
            compute_platform="Lambda",
            tags=self.tags(DataClass.OPERATIONAL, name=name),
            opts=self.child(),
        )
        # What it says is part of its name: CodeDeploy changes no configuration, and two stand side by side while one replaces the other.
        config = DeploymentConfig(
            f"{name}-config",
            deployment_config_name=context.physical(f"{name}-{args.steps[0]}-percent-{args.unattended_minutes}-minutes", limit=100),
            compute_platform="Lambda",
            traffic_routing_config={
                "type": "TimeBasedCanary",
                "time_based_canary": {"percentage": args.steps[0], "interval": args.unattended_minutes},
            },
            opts=self.child(),
        )
        self.application = application.name
        self.config = config.deployment_config_name
        self.role_arn = self._role(args).arn
        self.publish()

    def _role(self, args: CanaryArgs) -> Role:
        name = self._component
        role = Role(
            f"{name}-role",
            name=self.context.physical(name, limit=64),
            description="Moves aliases of functions from one version to the next",
            assume_role_policy=assume_role("codedeploy.amazonaws.com", source_account=self.context.account_id),
            tags=self.tags(DataClass.OPERATIONAL, name=name),
            opts=self.child(),
        )
        RolePolicy(f"{name}-policy", name="move", role=role.name, policy=moving(self.context, args.functions), opts=self.child())
        return role


def moving(context: Context, functions: Sequence[str]) -> Document:
    """Return what moving the aliases of `functions` needs; CodeDeploy's own policy for it would reach every function.

    Source: https://docs.aws.amazon.com/codedeploy/latest/userguide/getting-started-create-service-role.html
    """
    arns = [context.arn("lambda", f"function:{name}") for name in functions]
    return document(
        allow(
            "lambda:GetAlias",
            "lambda:GetProvisionedConcurrencyConfig",
            "lambda:UpdateAlias",
            on=[*arns, *(f"{arn}:*" for arn in arns)],
            sid="Move",
        ),
        # Alarms are asked for by name; the action knows no resources of single alarms.
        allow("cloudwatch:DescribeAlarms", on=["*"], sid="Watch"),
    )
