"""An account in this process, in which Secrets Manager calls the rotation function as AWS does."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.awslambda_simple.models import LambdaSimpleBackend
from moto.core import DEFAULT_ACCOUNT_ID

from services.secret_rotation.rotation import rotate
from services.secret_rotation.rows import Row

REGION = "eu-west-1"
FUNCTION = f"arn:aws:lambda:{REGION}:{DEFAULT_ACCOUNT_ID}:function:rotation"


@dataclass
class Account:
    """Clients of it, and the rows that the function has."""

    rows: dict[str, Row]
    steps: list[str] = field(default_factory=list)
    """Steps that were called, in order."""
    before: Callable[[str], None] = lambda step: None
    """Run before each step; what it raises ends the rotation there."""

    def __post_init__(self) -> None:
        self.connect = cache(lambda service: boto3.client(service, region_name=REGION))

    @property
    def secrets(self) -> Any:
        return self.connect("secretsmanager")

    def step(self, event: Mapping[str, str]) -> None:
        self.steps.append(event["Step"])
        self.before(event["Step"])
        rotate(event, self.rows, self.connect)

    def rotate(self, name: str, days: int = 30) -> None:
        """What the schedule does when its time has come."""
        self.secrets.rotate_secret(SecretId=name, RotationLambdaARN=FUNCTION, RotationRules={"AutomaticallyAfterDays": days})

    def value(self, name: str, stage: str = "AWSCURRENT") -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.secrets.get_secret_value(SecretId=name, VersionStage=stage)["SecretString"])
        return found

    def pending(self, name: str) -> str:
        """The version that a rotation under way is to make current."""
        stages = self.secrets.describe_secret(SecretId=name)["VersionIdsToStages"]
        return next(str(version) for version, labels in stages.items() if "AWSPENDING" in labels)

    def resume(self, name: str) -> None:
        """What Secrets Manager does when it tries a rotation again: all steps, with the same version."""
        version = self.pending(name)
        for step in ("createSecret", "setSecret", "testSecret", "finishSecret"):
            self.step({"SecretId": name, "ClientRequestToken": version, "Step": step})


@contextmanager
def account(monkeypatch: pytest.MonkeyPatch, rows: dict[str, Row]) -> Iterator[Account]:
    for key in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(key, "test")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws(config={"lambda": {"use_docker": False}}):
        made = Account(rows)

        def invoke(self: Any, function_name: str, qualifier: Any, body: Any, headers: Any, response_headers: Any) -> None:
            made.step(json.loads(body))

        monkeypatch.setattr(LambdaSimpleBackend, "invoke", invoke)
        trust = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
        role = made.connect("iam").create_role(RoleName="rotation", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
        made.connect("lambda").create_function(
            FunctionName="rotation", Runtime="python3.13", Role=role, Handler="a.b", Code={"ZipFile": b"code"}
        )
        yield made
