"""Third-party software from its makers' chart."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_kubernetes.helm.v3 import Release as HelmRelease
from pulumi_kubernetes.helm.v3 import RepositoryOptsArgs

from components._base import Component, Context

_SECONDS = 600


@dataclass(frozen=True, kw_only=True, slots=True)
class Chart:
    """One version of a chart.

    Raises ValueError when the repository is neither https nor oci.
    """

    chart: str
    repository: str
    version: str

    def __post_init__(self) -> None:
        if not self.repository.startswith(("https://", "oci://")):
            raise ValueError(f"chart {self.chart}: repository must be an https or oci address (got {self.repository!r})")


@dataclass(frozen=True, kw_only=True, slots=True)
class ReleaseArgs:
    """What is installed, where, and with which values."""

    chart: Chart
    namespace: pulumi.Input[str]
    values: Mapping[str, Any]
    """The chart's values, built by a typed function."""
    release: str
    """Name of the release in the cluster; names of its objects begin with it."""


class Release(Component, token="platform:Release"):
    """A chart in one version, that is undone as a whole when it does not come up.

    Source: https://www.pulumi.com/registry/packages/kubernetes/api-docs/helm/v3/release/
    """

    release: pulumi.Output[str]
    """Its name, known once it is up."""

    def __init__(self, name: str, context: Context, args: ReleaseArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        chart = args.chart
        oci = chart.repository.startswith("oci://")
        made = HelmRelease(
            f"{name}-release",
            name=args.release,
            chart=f"{chart.repository.rstrip('/')}/{chart.chart}" if oci else chart.chart,
            repository_opts=None if oci else RepositoryOptsArgs(repo=chart.repository),
            version=chart.version,
            namespace=args.namespace,
            create_namespace=False,
            values=dict(args.values),
            atomic=True,
            timeout=_SECONDS,
            opts=self.child(),
        )
        self.release = made.name.apply(str)
        self.publish()
