"""n8n's processes in one cluster: how many of each, how they are replaced, found and kept running."""

import re
from dataclasses import dataclass, field
from typing import Literal

import pulumi
from pulumi_kubernetes.apps.v1 import Deployment, DeploymentSpecArgs, DeploymentStrategyArgs, RollingUpdateDeploymentArgs
from pulumi_kubernetes.core.v1 import PodTemplateSpecArgs, Service, ServiceAccount, ServicePortArgs, ServiceSpecArgs
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs
from pulumi_kubernetes.policy.v1 import PodDisruptionBudget, PodDisruptionBudgetSpecArgs

from components._base import Component, Context
from components.platform.labels import labels
from components.platform.workload import SINGLE
from components.products.automation.environment import EnvironmentArgs
from components.products.automation.facts import NAME, Role
from components.products.automation.pods import PodArgs, pod

SERVICE_ACCOUNT = NAME
_TAG = re.compile(r":(?P<version>\d+\.\d+\.\d+)(@sha256:[0-9a-f]{64})?$")
_SKIP_AWAIT = "pulumi.com/skipAwait"
"""Annotation by which the provider does not wait for a Service's pods."""
_PATCH_FORCE = "pulumi.com/patchForce"
"""Source: https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/"""
_ROLLOUT = pulumi.CustomTimeouts(create="20m", update="20m")
"""Longer than the deadline of progress, so that what failed is told by Kubernetes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Replicas:
    """How few and how many; more than `least` only where something scales it.

    Raises ValueError unless 1 <= least <= most.
    """

    least: int
    most: int

    def __post_init__(self) -> None:
        if not 1 <= self.least <= self.most:
            raise ValueError(f"replicas must be 1 <= least <= most (got least {self.least}, most {self.most})")


@dataclass(frozen=True, kw_only=True, slots=True)
class AutomationArgs:
    """One n8n; the caller owns its namespace, its data and its secrets.

    Raises ValueError naming what to do: for more mains than the profile allows, S3 without the licence it needs, an image whose tag can
    move, whose runners are of another version, or that is of a major version nobody asked for.
    """

    namespace: pulumi.Input[str]
    pods: PodArgs
    told: EnvironmentArgs
    profile: Literal["community", "enterprise"] = "community"
    mains: Replicas = field(default_factory=lambda: Replicas(least=1, most=1))
    webhooks: Replicas = field(default_factory=lambda: Replicas(least=3, most=9))
    workers: Replicas = field(default_factory=lambda: Replicas(least=3, most=12))
    standby: bool = False
    """Everything is there and nothing runs: until the region it stands in for is fenced, two copies would fire each schedule twice."""
    allow_next_major: bool = False
    """Accept n8n 3.x, whose schema cannot be migrated back."""

    def __post_init__(self) -> None:
        if self.mains.most > 1 and not self.told.licensed:
            raise ValueError(
                f"mains must be 1 without a licence: each of {self.mains.most} would fire every schedule; "
                "give profile enterprise with a licence, or one main"
            )
        if (self.profile == "enterprise") != self.told.licensed:
            raise ValueError(
                f"profile enterprise needs a licence, and community takes none (got {self.profile}, licensed {self.told.licensed})"
            )
        if self.told.objects is not None and self.profile != "enterprise":
            raise ValueError("binary data in S3 needs profile enterprise: n8n does not start with it otherwise")
        if self.told.mains != self.mains.most:
            raise ValueError(
                f"told.mains must be mains.most, {self.mains.most}, which decides whether mains elect a leader (got {self.told.mains})"
            )
        self._check_images()

    def _check_images(self) -> None:
        version, runners = _version("image", self.pods.image), _version("runner_image", self.pods.runner_image)
        if version != runners:
            raise ValueError(f"runner_image must be of n8n's own version {version} (got {runners})")
        allowed = ("2", "3") if self.allow_next_major else ("2",)
        if version.partition(".")[0] not in allowed:
            raise ValueError(f"image must be n8n 2.x, or 3.x with allow_next_major (got {version})")

    def replicas(self, role: Role) -> Replicas:
        """Return how many of a role there are."""
        return {Role.MAIN: self.mains, Role.WEBHOOK: self.webhooks, Role.WORKER: self.workers}[role]

    def scales(self, role: Role) -> bool:
        """Return whether something else than this decides how many there are."""
        return not self.standby and (role is not Role.MAIN or self.mains.most > 1)


class Automation(Component, token="products:Automation"):
    """A Deployment, a Service and a disruption budget for each role of n8n in queue mode (N8N-1 to N8N-3, N8N-5, BDR-7).

    Source: https://docs.n8n.io/deploy/host-n8n/configure-n8n/scaling/enable-queue-mode
    """

    webhook_service: pulumi.Output[str]
    """Name of the Service that the load balancer's target group is bound to."""
    deployments: pulumi.Output[dict[str, str]]
    """Role to name of its Deployment."""

    def __init__(self, name: str, context: Context, args: AutomationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        account = ServiceAccount(
            f"{name}-account",
            metadata=self._meta(args.pods.service_account),
            automount_service_account_token=False,
            opts=self.child(),
        )
        made = {}
        main: list[pulumi.Resource] = []
        for role in Role:
            deployment = self._deployment(role, [account, *main])
            if role is Role.MAIN:
                # Migrates the schema, which the others wait for.
                main = [deployment]
            made[role.value] = deployment.metadata.apply(lambda metadata: str(metadata.name))
            self._service(role)
            self._budget(role)
        self.webhook_service = pulumi.Output.from_input(Role.WEBHOOK.deployment)
        self.deployments = pulumi.Output.all(**made).apply(dict)
        self.publish()

    def _meta(self, name: str, role: Role | None = None, annotations: dict[str, str] | None = None) -> ObjectMetaArgs:
        given = labels(self.context, self._component)
        return ObjectMetaArgs(
            name=name,
            namespace=self._args.namespace,
            labels=given if role is None else {**given, **role.match},
            annotations=annotations,
        )

    def _deployment(self, role: Role, after: list[pulumi.Resource]) -> Deployment:
        args = self._args
        return Deployment(
            f"{self._component}-{role.value}",
            metadata=self._meta(role.deployment, role, self._annotations(role)),
            spec=DeploymentSpecArgs(
                # Left open where an autoscaler decides: who writes it then owns it.
                replicas=0 if args.standby else None if args.scales(role) else args.replicas(role).least,
                selector=LabelSelectorArgs(match_labels=dict(role.match)),
                strategy=self._strategy(role),
                progress_deadline_seconds=900,
                revision_history_limit=5,
                template=PodTemplateSpecArgs(
                    metadata=ObjectMetaArgs(labels={**labels(self.context, self._component), **role.match}),
                    spec=pod(role, args.pods, args.told),
                ),
            ),
            opts=self.child(depends_on=after, custom_timeouts=_ROLLOUT),
        )

    def _is_lone(self, role: Role) -> bool:
        return role is Role.MAIN and self._args.mains.most == 1

    def _annotations(self, role: Role) -> dict[str, str] | None:
        standing_by = {_PATCH_FORCE: "true"} if self._args.standby else {}
        lone = {SINGLE: "each main fires every schedule, and without a licence mains elect no leader"} if self._is_lone(role) else {}
        return {**standing_by, **lone} or None

    def _strategy(self, role: Role) -> DeploymentStrategyArgs:
        """Return how pods are replaced: a lone main ends before the next begins, or both would fire schedules."""
        if self._is_lone(role):
            return DeploymentStrategyArgs(type="Recreate")
        return DeploymentStrategyArgs(type="RollingUpdate", rolling_update=RollingUpdateDeploymentArgs(max_surge="34%", max_unavailable=0))

    def _service(self, role: Role) -> None:
        Service(
            f"{self._component}-{role.value}-service",
            # Its pods are there later, or never: a copy that stands by has none, and nobody waits for them here.
            metadata=self._meta(role.deployment, role, {_SKIP_AWAIT: "true"}),
            spec=ServiceSpecArgs(
                type="ClusterIP",
                selector=dict(role.match),
                ports=[
                    ServicePortArgs(
                        name="https" if role is Role.WEBHOOK else "http",
                        port=role.port,
                        target_port=role.port,
                        app_protocol=_protocol(role),
                    )
                ],
            ),
            opts=self.child(),
        )

    def _budget(self, role: Role) -> None:
        PodDisruptionBudget(
            f"{self._component}-{role.value}-budget",
            metadata=self._meta(role.deployment, role),
            spec=PodDisruptionBudgetSpecArgs(
                # One at a time; a lone main may go, or its node could never be emptied.
                max_unavailable=1,
                selector=LabelSelectorArgs(match_labels=dict(role.match)),
                unhealthy_pod_eviction_policy="AlwaysAllow",
            ),
            opts=self.child(),
        )


def _version(option: str, image: str) -> str:
    found = _TAG.search(image)
    if found is None:
        raise ValueError(f"{option} must have an exact version such as 2.40.5: n8n never migrates its schema down (got {image!r})")
    return found["version"]


def _protocol(role: Role) -> str:
    return "https" if role is Role.WEBHOOK else "http"
