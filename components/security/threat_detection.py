"""What watches a region for intruders (SEC-8, SCH-9)."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_aws.guardduty.detector import Detector
from pulumi_aws.guardduty.detector_feature import DetectorFeature
from pulumi_aws.guardduty.publishing_destination import PublishingDestination

from components._base import Component, Context
from config.vocabulary import DataClass

FEATURES: Mapping[str, tuple[str, ...]] = {
    "EKS_AUDIT_LOGS": (),
    "RUNTIME_MONITORING": ("EKS_ADDON_MANAGEMENT", "ECS_FARGATE_AGENT_MANAGEMENT", "EC2_AGENT_MANAGEMENT"),
    "S3_DATA_EVENTS": (),
    "RDS_LOGIN_EVENTS": (),
    "LAMBDA_NETWORK_LOGS": (),
    "EBS_MALWARE_PROTECTION": (),
}
"""What a detector can look at beyond trails, flow and DNS logs, and the agents that it then installs and keeps itself.

Source: https://docs.aws.amazon.com/guardduty/latest/APIReference/API_DetectorFeatureConfiguration.html
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class ThreatDetectionArgs:
    """What is watched, and where findings are kept longer than the 90 days of GuardDuty.

    Raises ValueError for a feature that is not in `FEATURES`.
    """

    destination_arn: pulumi.Input[str]
    """ARN of a bucket of the same region, and the folder in it that its policy lets GuardDuty write to: `arn:aws:s3:::logs/folder`."""
    key_arn: pulumi.Input[str]
    """KMS key of the class `logs`; its policy lets GuardDuty encrypt findings."""
    features: tuple[str, ...] = tuple(FEATURES)

    def __post_init__(self) -> None:
        unknown = sorted(set(self.features) - set(FEATURES))
        if unknown:
            raise ValueError(f"features must be of {', '.join(FEATURES)} (got {', '.join(unknown)})")


class ThreatDetection(Component, token="security:ThreatDetection"):
    """GuardDuty with the features of what the estate runs; findings leave it every 15 minutes (SEC-8).

    One for an account and region: AWS refuses a second detector. A feature that is not asked for is switched off, since AWS
    leaves it as it was when only its resource goes. Findings stay in their region (D1).
    Source: https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_exportfindings.html
    """

    detector_id: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: ThreatDetectionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        detector = Detector(
            f"{name}-detector",
            enable=True,
            finding_publishing_frequency="FIFTEEN_MINUTES",
            tags=self.tags(DataClass.LOGS, name=name),
            opts=self.child(),
        )
        for feature, agents in FEATURES.items():
            status = "ENABLED" if feature in args.features else "DISABLED"
            DetectorFeature(
                f"{name}-{feature.lower().replace('_', '-')}",
                detector_id=detector.id,
                name=feature,
                status=status,
                additional_configurations=[{"name": agent, "status": status} for agent in agents],
                opts=self.child(),
            )
        PublishingDestination(
            f"{name}-findings",
            detector_id=detector.id,
            destination_type="S3",
            destination_arn=args.destination_arn,
            kms_key_arn=args.key_arn,
            tags=self.tags(DataClass.LOGS, name=f"{name}-findings"),
            opts=self.child(),
        )
        self.detector_id = detector.id
        self.publish()
