"""What Lambda calls: a step of a rotation when Secrets Manager asks, a look at all secrets when the schedule does."""

from __future__ import annotations

import dataclasses
import json
import os
import sys
from collections.abc import Mapping
from functools import cache
from typing import Any

import boto3

from services.secret_rotation.rotation import rotate
from services.secret_rotation.rows import load
from services.secret_rotation.watch import watch


@cache
def connect(service: str) -> Any:
    """A client of the function's own region; one for each service, for as long as the function lives."""
    return boto3.client(service)


def handle(event: Mapping[str, str], context: object) -> None:
    """Entry point. Logs what was done, by names of secrets alone: a value is never logged."""
    del context
    if "Step" in event:
        rotate(event, load(), connect)
        done: dict[str, Any] = {"step": event["Step"], "secret": event["SecretId"]}
    else:
        done = dataclasses.asdict(watch(load(), connect, os.environ["AWS_LAMBDA_FUNCTION_NAME"]))
    sys.stdout.write(f"{json.dumps(done)}\n")
