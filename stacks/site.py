"""One region's cluster, as the modules that fill it see it: its namespaces, its identities in AWS, and the ways of its traffic."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pulumi

from components._base import Context
from components._base.policy_document import Document
from components.cluster.pod_identity import PodIdentity, PodIdentityArgs
from components.network.subnet_plan import SubnetPlan, SubnetTier
from components.platform.flow import IDENTITY_AGENT, IDENTITY_PORT, INTERNET, Addresses, Flow, FlowArgs, Pods
from components.platform.kube import ClusterApi
from components.platform.namespace import Namespace
from components.platform.release import Chart
from config.load import Settings
from config.models import SERVICES
from config.platform import PlatformPlan
from stacks.foundation import Foundation
from stacks.handoff import RegionExports
from stacks.namespaces import NAMESPACES
from stacks.software import chart, image

API_PORT = 443
HTTPS = 443


@dataclass(frozen=True, kw_only=True, slots=True)
class ClusterSite:
    """One cluster, and all that a part of the platform is built from."""

    settings: Settings
    context: Context
    foundation: Foundation
    region: RegionExports
    api: ClusterApi
    zone_id: pulumi.Input[str]
    """The hub's zone of the estate's domain."""
    _made: dict[str, Namespace] = field(default_factory=dict, repr=False, compare=False)
    _mesh: list[pulumi.Resource] = field(default_factory=list, repr=False, compare=False)

    @property
    def plan(self) -> PlatformPlan:
        """What this stack's cluster is to run."""
        return self.settings.plan.platform

    @property
    def cluster_name(self) -> str:
        """The cluster's name, known at preview."""
        return self.context.physical("cluster", limit=100)

    @property
    def cluster_arn(self) -> str:
        """The cluster's ARN, known at preview."""
        return self.context.arn("eks", f"cluster/{self.cluster_name}")

    @property
    def control_plane(self) -> Addresses:
        """Where calls of the Kubernetes API to webhooks and aggregated APIs come from: its interfaces stand in the private subnets."""
        network = self.settings.plan.network
        return Addresses(cidrs=(SubnetPlan(str(network.cidr), network.zones).block(SubnetTier.PRIVATE),))

    @property
    def kubernetes_api(self) -> Addresses:
        """Where pods reach the Kubernetes API: its service, and the interfaces behind it.

        The service has no pods, so that no selector stands for it, and policies are enforced before its address is translated.
        Source: https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html
        """
        return Addresses(cidrs=(f"{next(SERVICES.hosts())}/32", *self.control_plane.cidrs))

    @property
    def name_server(self) -> str:
        """The cluster's own DNS, as address and port: EKS gives it the tenth address of the services."""
        return f"{SERVICES.network_address + 10}:53"

    def opts(self, *after: pulumi.Resource) -> pulumi.ResourceOptions:
        """Return the options of a component whose objects stand in this cluster, and wait for `after`."""
        return pulumi.ResourceOptions.merge(self.api.opts(), pulumi.ResourceOptions(depends_on=list(after)))

    def image(self, name: str) -> str:
        """Return a pinned image of the catalogue; see `stacks.software.image`."""
        return image(self.settings, name)

    def chart(self, name: str) -> Chart:
        """Return a pinned chart of the catalogue."""
        return chart(self.settings, name)

    def namespace(self, name: str) -> Namespace:
        """Return a namespace of `stacks.namespaces`, made when it is first asked for; the mesh is in it only where the plan has the mesh.

        Raises ValueError, naming those there are, for any other.
        """
        if name not in self._made:
            args = next((each for each in NAMESPACES if each.namespace == name), None)
            if args is None:
                known = ", ".join(each.namespace for each in NAMESPACES)
                raise ValueError(f"namespace must be one of {known} (got {name!r}): add it to stacks/namespaces.py")
            mesh = args.mesh and self.plan.mesh.enabled
            after = self._mesh if mesh else []
            self._made[name] = Namespace(name, self.context, replace(args, mesh=mesh), opts=self.opts(*after))
        return self._made[name]

    def mesh_stands(self, plane: pulumi.Resource) -> None:
        """Let namespaces of the mesh wait for its control plane: a pod that starts before it would have no proxy."""
        self._mesh.append(plane)

    def identity(
        self, name: str, *, namespace: str, service_account: str, policy: Document | None = None, managed_policies: tuple[str, ...] = ()
    ) -> PodIdentity:
        """Return the role in AWS of one service account's pods; they start after it, or they get no credentials."""
        return PodIdentity(
            name,
            self.context,
            PodIdentityArgs(
                cluster_name=self.region.cluster_name,
                cluster_arn=self.cluster_arn,
                namespace=namespace,
                service_account=service_account,
                policy=policy,
                managed_policies=managed_policies,
            ),
        )

    def flow(self, name: str, source: Pods | Addresses, destination: Pods | Addresses, ports: Sequence[int], protocol: str = "TCP") -> Flow:
        """Allow one flow, at both of its ends, in namespaces that are there."""
        args = FlowArgs(source=source, destination=destination, ports=tuple(ports), protocol=protocol)
        # A namespace's name is known long before the namespace is there: those of the mesh come after its control plane.
        ends = [end.namespace for end in (source, destination) if isinstance(end, Pods)]
        return Flow(name, self.context, args, opts=self.opts(*(made for named, made in self._made.items() if named in ends)))

    def to_kubernetes(self, name: str, pods: Pods) -> Flow:
        """Let pods call the Kubernetes API."""
        return self.flow(f"{name}-to-kubernetes", pods, self.kubernetes_api, [API_PORT])

    def to_aws(self, name: str, pods: Pods) -> None:
        """Let pods take on their role and call AWS: its endpoints have no fixed addresses."""
        self.flow(f"{name}-to-identity", pods, Addresses(cidrs=(IDENTITY_AGENT,)), [IDENTITY_PORT])
        self.flow(f"{name}-to-aws", pods, INTERNET, [HTTPS])

    def from_kubernetes(self, name: str, pods: Pods, ports: Sequence[int]) -> Flow:
        """Let the Kubernetes API call webhooks or aggregated APIs of pods."""
        return self.flow(f"{name}-from-kubernetes", self.control_plane, pods, ports)
