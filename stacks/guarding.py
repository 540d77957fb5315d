"""What watches the region and judges it (SEC-3, SEC-6, SEC-8, SEC-11)."""

from collections.abc import Mapping

import pulumi

from components._base import Context
from components.data.bucket_statements import FINDINGS_PREFIX, bucket_arn
from components.security.configuration_recorder import ConfigurationRecorder, ConfigurationRecorderArgs
from components.security.configuration_rules import ConfigurationRules, ConfigurationRulesArgs
from components.security.data_discovery import DataDiscovery, DataDiscoveryArgs
from components.security.ddos_protection import DdosProtection, DdosProtectionArgs
from components.security.posture import Posture, PostureArgs
from components.security.threat_detection import ThreatDetection, ThreatDetectionArgs
from components.security.vulnerability_scanning import VulnerabilityScanning, VulnerabilityScanningArgs
from config.load import Settings
from stacks.foundation import LOGS, Foundation
from stacks.handoff import HubExports, RegionExports


def build_guarding(settings: Settings, context: Context, foundation: Foundation, region: RegionExports, hub: HubExports | None) -> None:
    """Build what AWS has once in an account and region, where this stack owns the region; and protect the public entries.

    Staging in production's account and region is watched by production's: AWS refuses a second detector, recorder or session.
    """
    guarding = settings.plan.guarding
    if guarding.shield_advanced:
        subscribe = settings.estate.owns_account(settings.stack)
        DdosProtection("floods", context, DdosProtectionArgs(resources=_entries(context, region, hub), subscribe=subscribe))
    if not settings.estate.owns_region(settings.stack):
        return
    if guarding.threat_detection:
        destination = pulumi.Output.concat(foundation.logs.arn, f"/{FINDINGS_PREFIX}")
        ThreatDetection("threats", context, ThreatDetectionArgs(destination_arn=destination, key_arn=foundation.keys.logs_arn))
    if guarding.vulnerability_scanning:
        VulnerabilityScanning("vulnerabilities", context, VulnerabilityScanningArgs(kinds=guarding.vulnerability_scanning))
    if guarding.data_discovery:
        DataDiscovery("data-discovery", context, DataDiscoveryArgs(sampling_percent=guarding.data_discovery_percent))
    recorders = _recorded(settings, context, foundation)
    if guarding.standards:
        # Standards judge what has been recorded.
        after = pulumi.ResourceOptions(depends_on=recorders)
        Posture("posture", context, PostureArgs(standards=guarding.standards, findings_of=guarding.findings_of), opts=after)


def _entries(context: Context, region: RegionExports, hub: HubExports | None) -> Mapping[str, pulumi.Input[str]]:
    """Return what the internet reaches. The addresses of NAT gateways let nobody in, so none of them is among it."""
    entries = {"entry": region.load_balancer_arn}
    if hub is not None:
        entries["web"] = pulumi.Output.concat(context.arn("cloudfront", "distribution/", region=""), hub.web_distribution_id)
        entries["domain"] = pulumi.Output.concat("arn:aws:route53:::hostedzone/", hub.zone_id)
    return entries


def _recorded(settings: Settings, context: Context, foundation: Foundation) -> list[pulumi.Resource]:
    """Build the recorder and its rules; what is in no region is recorded and judged by the account's owner."""
    frequency, account_wide = settings.plan.guarding.configuration, settings.estate.owns_account(settings.stack)
    if frequency == "off":
        return []
    recorder = ConfigurationRecorder(
        "configuration",
        context,
        ConfigurationRecorderArgs(
            log_bucket=foundation.logs.name,
            log_bucket_arn=bucket_arn(context, LOGS),
            key_arn=foundation.keys.logs_arn,
            global_types=account_wide,
            frequency=frequency,
        ),
    )
    ConfigurationRules(
        "rules",
        context,
        ConfigurationRulesArgs(recorder=recorder, account_wide=account_wide, log_retention_days=settings.plan.log_retention_days),
    )
    return [recorder]
