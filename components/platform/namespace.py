"""A namespace in which nothing reaches anything that nobody allowed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import pulumi
from pulumi_kubernetes.core.v1 import LimitRange, LimitRangeItemArgs, LimitRangeSpecArgs, ResourceQuota, ResourceQuotaSpecArgs
from pulumi_kubernetes.core.v1 import Namespace as KubernetesNamespace
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components._base import Component, Context
from components.platform.default_policies import ALLOW_DNS, DENY, look_up_names, refuse_all
from components.platform.known_name import known_name
from components.platform.labels import labels

Security = Literal["restricted", "baseline", "privileged"]


@dataclass(frozen=True, kw_only=True, slots=True)
class NamespaceArgs:
    """What runs there.

    Raises ValueError when less than `restricted` is asked for without a reason.
    """

    namespace: str
    """Its name in the cluster."""
    security: Security = "restricted"
    """Pod Security Standard that is enforced."""
    exception: str | None = None
    """Why pods there need more than `restricted` allows; kept as an annotation for auditors."""
    tenant: str | None = None
    mesh: bool = False
    """Whether the mesh puts its proxy into pods there (SEC-5)."""
    quota: Mapping[str, str] = field(default_factory=dict)
    """Resource to hard limit, such as `requests.cpu` to `4`; none is no limit."""
    default_requests: Mapping[str, str] = field(default_factory=dict)
    """What a container that says nothing requests."""
    default_limits: Mapping[str, str] = field(default_factory=dict)
    """What a container that says nothing is limited to."""
    more_labels: Mapping[str, str] = field(default_factory=dict)
    """Further labels of the namespace itself."""

    def __post_init__(self) -> None:
        if self.security != "restricted" and not self.exception:
            raise ValueError(
                f"namespace {self.namespace}: security {self.security!r} needs an exception that says why; only 'restricted' goes without"
            )


class Namespace(Component, token="platform:Namespace"):
    """A namespace with pod security enforced and all traffic refused but look-ups of names (SEC-7).

    Source: https://kubernetes.io/docs/concepts/security/pod-security-standards/,
    https://kubernetes.io/docs/concepts/services-networking/network-policies/
    """

    namespace: pulumi.Output[str]
    """Its name, known from the start; what stands in it waits for it nevertheless."""

    def __init__(self, name: str, context: Context, args: NamespaceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        made = KubernetesNamespace(
            f"{name}-namespace",
            metadata=ObjectMetaArgs(
                name=args.namespace,
                labels={**labels(context, name, tenant=args.tenant), **self._pod_security(), **self._mesh(), **args.more_labels},
                annotations={"morefocus.com/pod-security-exception": args.exception} if args.exception else None,
            ),
            opts=self.child(),
        )
        self.namespace = known_name(made, args.namespace)
        refuse_all(self, f"{name}-deny", self._meta(DENY))
        look_up_names(self, f"{name}-dns", self._meta(ALLOW_DNS))
        if args.quota:
            ResourceQuota(
                f"{name}-quota",
                metadata=self._meta("quota"),
                spec=ResourceQuotaSpecArgs(hard=dict(args.quota)),
                opts=self.child(),
            )
        if args.default_limits or args.default_requests:
            LimitRange(
                f"{name}-limits",
                metadata=self._meta("limits"),
                spec=LimitRangeSpecArgs(
                    limits=[
                        LimitRangeItemArgs(
                            type="Container",
                            default=dict(args.default_limits) or None,
                            default_request=dict(args.default_requests) or None,
                        )
                    ]
                ),
                opts=self.child(),
            )
        self.publish()

    def _meta(self, name: str) -> ObjectMetaArgs:
        return ObjectMetaArgs(name=name, namespace=self.namespace, labels=labels(self.context, self._component, tenant=self._args.tenant))

    def _pod_security(self) -> dict[str, str]:
        level = self._args.security
        return {f"pod-security.kubernetes.io/{mode}": level for mode in ("enforce", "audit", "warn")}

    def _mesh(self) -> dict[str, str]:
        return {"istio-injection": "enabled"} if self._args.mesh else {}
