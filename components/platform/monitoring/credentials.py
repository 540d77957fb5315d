"""What monitoring signs in with, brought from Secrets Manager into files."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components._base import Component, Context
from components.platform.labels import labels


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """One value in Secrets Manager."""

    secret: pulumi.Input[str]
    """The secret's name or ARN there."""
    key: str
    """Key of the JSON object that is its value."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CredentialsArgs:
    """What is brought, and under which names.

    Raises ValueError when nothing is.
    """

    namespace: pulumi.Input[str]
    secret: str
    """Name of the Kubernetes secret."""
    store: pulumi.Input[str]
    """Name of the ClusterSecretStore."""
    values: Mapping[str, Source]
    """Key of the Kubernetes secret to where its value is kept."""
    template: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """More keys, each a template in which `{{ .<key> }}` is a value, such as an address with a password in it."""

    def __post_init__(self) -> None:
        if not self.values:
            raise ValueError(f"secret {self.secret}: name one value at least (got none)")


class Credentials(Component, token="platform:Credentials"):
    """A secret of the cluster that follows Secrets Manager, an hour behind at most (SEC-2).

    Source: https://external-secrets.io/latest/api/externalsecret/, https://external-secrets.io/latest/guides/templating/
    """

    secret: pulumi.Output[str]
    """Its name, known once it is asked for."""

    def __init__(self, name: str, context: Context, args: CredentialsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        template = {"engineVersion": "v2", "mergePolicy": "Merge", "data": dict(args.template)}
        made = CustomResource(
            f"{name}-secret",
            api_version="external-secrets.io/v1",
            kind="ExternalSecret",
            metadata=ObjectMetaArgs(name=args.secret, namespace=args.namespace, labels=labels(context, name)),
            spec={
                "refreshInterval": "1h",
                "secretStoreRef": {"kind": "ClusterSecretStore", "name": args.store},
                "target": {
                    "name": args.secret,
                    "creationPolicy": "Owner",
                    **({"template": template} if args.template else {}),
                },
                "data": [
                    {"secretKey": key, "remoteRef": {"key": source.secret, "property": source.key}}
                    for key, source in sorted(args.values.items())
                ],
            },
            opts=self.child(),
        )
        self.secret = pulumi.Output.from_input(made.id).apply(lambda _: args.secret)
        self.publish()
