"""Add-ons of a cluster, with the AWS permissions they need."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
from pulumi_aws.eks.addon import Addon

from components._base import Component, Context, allow, document
from components._base.policy_document import Document
from components.cluster.addon_catalogue import NAMESPACE, AddonIdentity, AddonSpec
from components.cluster.pod_identity import PodIdentity, PodIdentityArgs
from config.vocabulary import DataClass


@dataclass(frozen=True, kw_only=True, slots=True)
class AddonsArgs:
    """Which add-ons, and where."""

    addons: tuple[AddonSpec, ...]
    cluster_name: pulumi.Input[str]
    cluster_arn: pulumi.Input[str]
    volume_key_arn: pulumi.Input[str]
    versions: Mapping[str, str] = field(default_factory=dict)
    """Version by add-on; for one that is not named EKS takes its default when the add-on is made, and keeps it."""
    after: Sequence[pulumi.Resource] = ()
    """What the add-ons need to become healthy."""


class Addons(Component, token="cluster:Addons"):
    """Add-ons that EKS installs and keeps; what someone changes in them by hand is changed back."""

    addon_names: pulumi.Output[list[str]]

    def __init__(self, name: str, context: Context, args: AddonsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        made = [self._addon(name, spec, args) for spec in args.addons]
        self.addon_names = pulumi.Output.all(*(addon.addon_name for addon in made))
        self.publish()

    def _addon(self, name: str, spec: AddonSpec, args: AddonsArgs) -> Addon:
        logical = f"{name}-{spec.name}"
        needed = [*args.after]
        if spec.identity is not None:
            needed.append(self._identity(f"{logical}-identity", spec.identity, args))
        return Addon(
            logical,
            cluster_name=args.cluster_name,
            addon_name=spec.name,
            addon_version=args.versions.get(spec.name),
            configuration_values=spec.configuration,
            resolve_conflicts_on_create="OVERWRITE",
            resolve_conflicts_on_update="OVERWRITE",
            tags=self.tags(DataClass.OPERATIONAL, name=logical),
            # Pods get credentials only if the association was there when they started.
            opts=self.child(depends_on=needed),
        )

    def _identity(self, logical: str, identity: AddonIdentity, args: AddonsArgs) -> PodIdentity:
        return PodIdentity(
            logical,
            self.context,
            PodIdentityArgs(
                cluster_name=args.cluster_name,
                cluster_arn=args.cluster_arn,
                namespace=NAMESPACE,
                service_account=identity.service_account,
                managed_policies=(identity.managed_policy,),
                policy=_volume_key_policy(self.context, args.volume_key_arn) if identity.uses_volume_key else None,
            ),
            opts=self.child(),
        )


def _volume_key_policy(context: Context, key_arn: pulumi.Input[str]) -> Document:
    """Source: https://docs.aws.amazon.com/eks/latest/userguide/ebs-csi.html, through EC2 alone."""
    via = {"kms:ViaService": f"ec2.{context.region}.amazonaws.com"}
    return document(
        allow(
            *("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"),
            on=[key_arn],
            when={"StringEquals": via},
            sid="EncryptVolumes",
        ),
        allow(
            "kms:CreateGrant",
            on=[key_arn],
            when={"StringEquals": via, "Bool": {"kms:GrantIsForAWSResource": "true"}},
            sid="LetVolumesBeAttached",
        ),
    )
