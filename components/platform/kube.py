"""The Kubernetes API of a region's cluster, as this stack's components reach it."""

import json
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.provider import Provider

from components._base import Component, Context


@dataclass(frozen=True, kw_only=True, slots=True)
class ClusterApiArgs:
    """Where the API answers and who proves to be whom."""

    cluster_name: pulumi.Input[str]
    endpoint: pulumi.Input[str]
    """https address of the API server."""
    certificate_authority: pulumi.Input[str]
    """Base64 of the PEM that the API server's certificate is signed by."""


class ClusterApi(Component, token="platform:ClusterApi"):
    """A provider for one cluster's objects, that signs in with the same AWS credentials as the rest (CMP-1).

    Objects are applied by the server with a field manager of their own, so that a field which somebody else owns (replicas under an
    autoscaler) is a conflict that is told, and not a silent overwrite.
    Source: https://docs.aws.amazon.com/eks/latest/userguide/create-kubeconfig.html,
    https://www.pulumi.com/registry/packages/kubernetes/api-docs/provider/
    """

    def __init__(self, name: str, context: Context, args: ClusterApiArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._api = Provider(
            f"{name}-provider",
            # What tells one cluster from another: an address or a certificate that AWS renews replaces nothing.
            cluster_identifier=args.cluster_name,
            kubeconfig=pulumi.Output.all(args.cluster_name, args.endpoint, args.certificate_authority).apply(
                lambda known: kubeconfig(*known, region=context.region.value)
            ),
            enable_server_side_apply=True,
            # A named one is otherwise deleted and made anew when its data changes, and pods find nothing meanwhile.
            enable_config_map_mutable=True,
            enable_secret_mutable=True,
            opts=self.child(),
        )
        self.publish()

    def opts(self) -> pulumi.ResourceOptions:
        """Return the options of a component whose objects stand in this cluster."""
        return pulumi.ResourceOptions(providers=[self._api])


def kubeconfig(cluster: str, endpoint: str, certificate_authority: str, *, region: str) -> str:
    """Return a kubeconfig (JSON) that asks the AWS command line for a token and holds none."""
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": cluster, "cluster": {"server": endpoint, "certificate-authority-data": certificate_authority}}],
            "contexts": [{"name": cluster, "context": {"cluster": cluster, "user": cluster}}],
            "current-context": cluster,
            "users": [
                {
                    "name": cluster,
                    "user": {
                        "exec": {
                            "apiVersion": "client.authentication.k8s.io/v1beta1",
                            "command": "aws",
                            "args": ["eks", "get-token", "--cluster-name", cluster, "--region", region, "--output", "json"],
                            "interactiveMode": "Never",
                        }
                    },
                }
            ],
        },
        sort_keys=True,
    )
