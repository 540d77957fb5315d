"""Every metric that there is: those of exporters, those that CloudWatch is asked for, the business's, and our own records."""

from components.platform.monitoring.cloudwatch_exporter import JOBS
from components.platform.monitoring.store_exporters import FIGURES
from config.load import load
from stacks.alerting import rule_groups
from tests.components.platform.monitoring.exported import KNOWN, cloudwatch_names


def recorded() -> set[str]:
    """Names that our rules work out."""
    return {record.name for group in rule_groups(load("us-east-1")) for record in group.records}


def exported() -> set[str]:
    """Names that somebody shows."""
    asked = cloudwatch_names((job.service, metric, statistic) for job in JOBS for metric, statistic in job.metrics)
    return KNOWN | asked | {f"business_{figure}" for figure in FIGURES}
