"""What is read from CloudWatch."""

import json

import pytest

from components.platform.monitoring.cloudwatch_exporter import (
    JOBS,
    CloudwatchJob,
    cloudwatch_config,
    cloudwatch_exporter,
    cloudwatch_policy,
)
from config.vocabulary import Environment, Region
from tests.components.platform.monitoring.exported import CLOUDWATCH, cloudwatch_name
from tests.kit.contexts import a_context
from tests.kit.recorder import resolved


def test_only_metrics_that_aws_has_are_asked_for() -> None:
    asked = {(job.service, metric) for job in JOBS for metric, _ in job.metrics}
    assert not asked - {(service, metric) for service, metrics in CLOUDWATCH.items() for metric in metrics}


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.service)
def test_each_metric_is_asked_for_in_one_cut_so_that_nothing_is_counted_twice(job: CloudwatchJob) -> None:
    found = next(each for each in cloudwatch_config(a_context())["discovery"]["jobs"] if each["type"] == job.service)
    assert found["dimensionNameRequirements"] == list(job.dimensions)
    assert found["nilToZero"] == job.zero


def test_an_environment_reads_its_own_resources_of_its_own_region() -> None:
    staging = cloudwatch_config(a_context(Region.EU_WEST_1, Environment.STAGING))["discovery"]["jobs"][0]
    assert staging["regions"] == ["eu-west-1"]
    assert {tag["key"]: tag["value"] for tag in staging["searchTags"]} == {"environment": "^staging$", "region": "^eu-west-1$"}


def test_its_role_reads_and_does_nothing_else() -> None:
    statement = json.loads(str(resolved(cloudwatch_policy())))["Statement"][0]
    assert all(action.split(":")[1].startswith(("Get", "List")) for action in statement["Action"])


def test_it_takes_its_role_from_the_nodes_agent_and_calls_aws_over_tls() -> None:
    ports = {port for reached in cloudwatch_exporter("image", a_context()).reaches.values() for port in reached.ports}
    assert ports == {80, 443}


@pytest.mark.parametrize(
    ("service", "metric", "statistic", "name"),
    [
        ("AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", "Sum", "aws_applicationelb_httpcode_target_5_xx_count_sum"),
        ("AWS/ApplicationELB", "TargetResponseTime", "p95", "aws_applicationelb_target_response_time_p95"),
        ("AWS/ElastiCache", "EngineCPUUtilization", "Maximum", "aws_elasticache_engine_cpuutilization_maximum"),
        ("AWS/RDS", "CPUUtilization", "Average", "aws_rds_cpuutilization_average"),
    ],
)
def test_metrics_are_called_as_the_exporter_calls_them(service: str, metric: str, statistic: str, name: str) -> None:
    assert cloudwatch_name(service, metric, statistic) == name
