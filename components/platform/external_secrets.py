"""Brings secrets of AWS Secrets Manager to the pods that need them, and follows when they are renewed."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components._base import Component, Context, allow, document
from components._base.policy_document import Document
from components.platform.chart_values import Size, Values, container_values, image_values, pod_values, zone_values
from components.platform.release import Chart, Release, ReleaseArgs

SERVICE_ACCOUNT = "external-secrets"
WEBHOOK_PORT = 10250
METRICS_PORT = 8080
CONTROLLER = {"app.kubernetes.io/name": "external-secrets"}
WEBHOOK = {"app.kubernetes.io/name": "external-secrets-webhook"}
_CERTIFICATES = {"app.kubernetes.io/name": "external-secrets-cert-controller"}
_SIZE = Size(cpu="50m", memory="256Mi", cpu_limit="500m")


@dataclass(frozen=True, kw_only=True, slots=True)
class ExternalSecretsArgs:
    """Which chart and image."""

    chart: Chart
    image: str
    namespace: pulumi.Input[str]
    priority_class: str


class ExternalSecrets(Component, token="platform:ExternalSecrets"):
    """External Secrets Operator: secrets stay where they are kept and renewed, and the cluster has copies of what is used (SEC-2)."""

    release: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: ExternalSecretsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        made = Release(
            name,
            context,
            ReleaseArgs(chart=args.chart, namespace=args.namespace, release=SERVICE_ACCOUNT, values=external_secrets_values(args)),
            opts=self.child(),
        )
        self.release = made.release
        self.publish()


def external_secrets_values(args: ExternalSecretsArgs) -> Values:
    """Return the chart's values: two replicas of each program, of which the controllers choose one that works.

    Source: https://github.com/external-secrets/external-secrets/tree/helm-chart-2.9.0/deploy/charts/external-secrets
    """
    common = {
        "replicaCount": 2,
        "image": image_values(args.image),
        "podSecurityContext": {"enabled": True, **pod_values()},
        "securityContext": {"enabled": True, **container_values()},
        "resources": _SIZE.values(),
        "priorityClassName": args.priority_class,
        "podDisruptionBudget": {"enabled": True, "minAvailable": 1},
        "livenessProbe": {"enabled": True},
        "readinessProbe": {"enabled": True},
    }
    return {
        **common,
        "installCRDs": True,
        "leaderElect": True,
        "serviceAccount": {"create": True, "name": SERVICE_ACCOUNT},
        # Stores read with the controller's own role: no token of anybody else is asked for.
        "rbac": {"create": True, "serviceAccountTokenCreate": False},
        "topologySpreadConstraints": zone_values(CONTROLLER),
        "webhook": {**common, "port": WEBHOOK_PORT, "topologySpreadConstraints": zone_values(WEBHOOK)},
        "certController": {**common, "topologySpreadConstraints": zone_values(_CERTIFICATES)},
    }


def reader_policy(context: Context, key_arn: pulumi.Input[str], others: Sequence[pulumi.Input[str]] = ()) -> Document:
    """Return what it may do: read the stack's secrets and those `others` by ARN, with the key of the class `credentials` alone."""
    return document(
        allow(
            *("secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue", "secretsmanager:ListSecretVersionIds"),
            on=[context.arn("secretsmanager", f"secret:{context.prefix}-*"), *others],
            sid="ReadSecrets",
        ),
        allow(
            "kms:Decrypt",
            on=[key_arn],
            when={"StringEquals": {"kms:ViaService": f"secretsmanager.{context.region.value}.amazonaws.com"}},
            sid="DecryptThem",
        ),
    )
