"""Two functions with two versions each in the emulated cloud, as a stack with a canary leaves them after its second `up`."""

from __future__ import annotations

import io
import itertools
import json
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import boto3
import pytest

from scripts.rollout.driver import Rollout
from tests.kit.cloud import EmulatedCloud

APPLICATION = "morefocus-prod-use1-scheduling-rollout"
BOOKINGS, PRIVACY = (f"morefocus-prod-use1-scheduling-{name}" for name in ("bookings", "privacy"))
STACK = REGION = "us-east-1"


@dataclass
class Site:
    """What a rollout finds, and a clock that tests wind."""

    cloud: EmulatedCloud
    said: list[str] = field(default_factory=list)
    shares: list[tuple[float, float]] = field(default_factory=list)
    """Share of the new versions of both functions, at each look."""
    clock: datetime = datetime(2026, 11, 22, 12, tzinfo=UTC)
    then: Any = None
    """Called with this at each look."""

    def boto(self, service: str) -> Any:
        return _client(self.cloud.endpoint, service)

    def share(self, function: str) -> float:
        """Share of the calls that version 2 has."""
        alias = self.boto("lambda").get_alias(FunctionName=function, Name="live")
        if alias["FunctionVersion"] == "2":
            return 1.0
        weights = (alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}
        return float(weights.get("2", 0.0))

    def look(self, seconds: float) -> None:
        """What takes the place of waiting."""
        self.shares.append((self.share(BOOKINGS), self.share(PRIVACY)))
        self.clock += timedelta(seconds=seconds)
        if self.then is not None:
            self.then(self)

    def ring(self, function: str = BOOKINGS, state: str = "ALARM") -> None:
        self.boto("cloudwatch").set_alarm_state(AlarmName=f"{function}-errors", StateValue=state, StateReason="test")

    def calls(self, version: str, *, calls: int, errors: int = 0, milliseconds: float = 20.0) -> None:
        """Metrics as Lambda keeps them for a version behind an alias."""
        named = {"FunctionName": BOOKINGS, "Resource": f"{BOOKINGS}:live", "ExecutedVersion": version}
        dimensions = [{"Name": key, "Value": value} for key, value in named.items()]
        values = {"Invocations": calls, "Errors": errors, "Duration": milliseconds}
        data = [{"MetricName": name, "Dimensions": dimensions, "Value": value, "Timestamp": self.clock} for name, value in values.items()]
        self.boto("cloudwatch").put_metric_data(Namespace="AWS/Lambda", MetricData=data)

    def rollout(self, steps: tuple[int, ...] = (5, 25, 50, 100)) -> Rollout:
        return Rollout(
            functions=self.boto("lambda"),
            cloudwatch=self.boto("cloudwatch"),
            steps=steps,
            bake=timedelta(seconds=10),
            say=self.said.append,
            sleep=self.look,
            now=lambda: self.clock,
        )

    def watch(self, function: str, *, enabled: bool = True) -> None:
        """Let the alarms of a function end its rollout, or none."""
        alarms = [{"name": alarm} for alarm in self.alarms[function]] if enabled else []
        self.boto("codedeploy").update_deployment_group(
            applicationName=APPLICATION,
            currentDeploymentGroupName=function,
            alarmConfiguration={"enabled": enabled, "alarms": alarms},
        )

    @property
    def alarms(self) -> dict[str, list[str]]:
        return {name: [f"{name}-errors", f"{name}-duration"] for name in (BOOKINGS, PRIVACY)}


@cache
def _client(endpoint: str, service: str) -> Any:
    return boto3.client(service, region_name=REGION, endpoint_url=endpoint, aws_access_key_id="test", aws_secret_access_key="test")


_DAYS = itertools.count()


@pytest.fixture
def site(emulated_cloud: EmulatedCloud) -> Site:
    # A day of its own for each test, so that none measures what another one did.
    made = Site(emulated_cloud, clock=datetime(2026, 11, 22, 12, tzinfo=UTC) + timedelta(days=next(_DAYS)))
    functions = made.boto("lambda")
    try:
        functions.get_alias(FunctionName=PRIVACY, Name="live")
    except functions.exceptions.ResourceNotFoundException:
        _build(made)
    for name in (BOOKINGS, PRIVACY):
        as_before: dict[str, Any] = {"FunctionVersion": "1", "RoutingConfig": {"AdditionalVersionWeights": {}}}
        functions.update_alias(FunctionName=name, Name="live", **as_before)
        for alarm in made.alarms[name]:
            made.boto("cloudwatch").set_alarm_state(AlarmName=alarm, StateValue="OK", StateReason="test")
        made.watch(name)
    return made


def _build(made: Site) -> None:
    made.cloud.reset()
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = made.boto("iam").create_role(RoleName="functions", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    codedeploy = made.boto("codedeploy")
    codedeploy.create_application(applicationName=APPLICATION, computePlatform="Lambda")
    for name in (BOOKINGS, PRIVACY):
        _function(made.boto("lambda"), name, role)
        for alarm in made.alarms[name]:
            _alarm(made.boto("cloudwatch"), alarm)
        codedeploy.create_deployment_group(
            applicationName=APPLICATION,
            deploymentGroupName=name,
            serviceRoleArn=role,
            deploymentConfigName="CodeDeployDefault.LambdaCanary10Percent5Minutes",
            deploymentStyle={"deploymentType": "BLUE_GREEN", "deploymentOption": "WITH_TRAFFIC_CONTROL"},
        )


def _function(functions: Any, name: str, role: str) -> None:
    given = {"FunctionName": name, "Role": role, "Runtime": "nodejs24.x", "Handler": "index.handle"}
    functions.create_function(**given, Code={"ZipFile": _bundle("1")}, Publish=True)
    functions.create_alias(FunctionName=name, Name="live", FunctionVersion="1")
    functions.update_function_code(FunctionName=name, ZipFile=_bundle("2"))
    functions.publish_version(FunctionName=name)


def _bundle(text: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as bundle:
        bundle.writestr("index.mjs", text)
    return packed.getvalue()


def _alarm(cloudwatch: Any, name: str) -> None:
    cloudwatch.put_metric_alarm(
        AlarmName=name,
        Namespace="AWS/Lambda",
        MetricName="Errors",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=0,
        ComparisonOperator="GreaterThanThreshold",
    )
