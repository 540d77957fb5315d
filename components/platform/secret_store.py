"""Where secrets of the platform come from, for those of its namespaces that may ask."""

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components._base import Component, Context
from components.platform.labels import labels

STORE = "secrets-manager"


class SecretStore(Component, token="platform:SecretStore"):
    """A ClusterSecretStore on AWS Secrets Manager for namespaces of the platform, and for no tenant's (SEC-2).

    A tenant could else ask for any secret of the stack by its name.
    Sources: https://external-secrets.io/latest/provider/aws-secrets-manager/, https://external-secrets.io/latest/api/clustersecretstore/
    """

    store: pulumi.Output[str]
    """What an ExternalSecret refers to, known once the store is there."""

    def __init__(self, name: str, context: Context, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        of_platform = {"app.kubernetes.io/part-of": context.project}
        of_no_tenant = {"key": "morefocus.com/tenant", "operator": "DoesNotExist"}
        made = CustomResource(
            f"{name}-store",
            api_version="external-secrets.io/v1",
            kind="ClusterSecretStore",
            metadata=ObjectMetaArgs(name=STORE, labels=labels(context, name)),
            spec={
                # Without `auth` the controller reads with its own role.
                "provider": {"aws": {"service": "SecretsManager", "region": context.region.value}},
                "conditions": [{"namespaceSelector": {"matchLabels": of_platform, "matchExpressions": [of_no_tenant]}}],
                "refreshInterval": 3600,
            },
            opts=self.child(),
        )
        self.store = pulumi.Output.from_input(made.id).apply(lambda _: STORE)
        self.publish()
