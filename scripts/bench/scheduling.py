"""The scheduling service's functions: milliseconds of a handler cold and warm, bookings a second of one process, bytes of the release.

A booking is held against a bare put of one item by the same SDK in the same process, on the same emulated table: what is above that is the
service's own, a transaction of some ten writes above all. Milliseconds are of an emulation on loopback, not of AWS.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3

from components.serverless.bundle import bundled
from sandbox.cloud import control
from sandbox.paths import Home
from stacks.function_sources import FOLDER, scheduling_files

COLD, WARM = 5, 200
"""Processes started, and calls made of one process, for a figure."""
_TABLE, _REGION = "bench", "us-east-1"
_ANY = "test"
"""The emulated cloud takes any credentials."""
_OWNER = {"sub": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff", "tenant": "bench", "cognito:groups": "owner"}


def measure(folder: Path, say: Callable[[str], None], cold: int = COLD, warm: int = WARM) -> dict[str, Any]:
    """Return milliseconds, bookings a second and bytes; `folder` takes the cloud's notes and logs."""
    size = len(bundled(scheduling_files()))
    home = Home(folder)
    cloud = control.start(home)
    try:
        _make_table(cloud.endpoint)
        environment = _environment(cloud.endpoint)
        say(f"scheduling: {cold} cold starts")
        started = [_cold(environment, index) for index in range(cold)]
        say(f"scheduling: {warm} bookings and {warm} bare puts, by turns")
        booked, put = _by_turns(environment, warm)
    finally:
        control.stop(home)
    return {
        "handler_ms": {"cold": round(1000 * min(started), 1), "warm": round(1000 * statistics.median(booked), 2)},
        "a_second": {"bookings": round(warm / sum(booked), 1), "bare_puts": round(warm / sum(put), 1)},
        "ratio": round(sum(booked) / sum(put), 2),
        "release_bytes": size,
    }


def _cold(environment: Mapping[str, str], index: int) -> float:
    """Seconds from the start of a process to its first booking."""
    began = time.perf_counter()
    with _process("bookings/handler.mjs", environment) as call:
        _booked(call, _booking(10_000 + index))
        return time.perf_counter() - began


def _by_turns(environment: Mapping[str, str], times: int) -> tuple[list[float], list[float]]:
    """Seconds of each call: what else goes on on the machine falls on both alike."""
    seconds: tuple[list[float], list[float]] = ([], [])
    with _process("bookings/handler.mjs", environment) as book, _process("test/bare.mjs", environment) as put:
        for index in range(-5, times):
            for kept, call, event in zip(seconds, (book, put), (_booking(20_000 + index), {}), strict=True):
                began = time.perf_counter()
                _booked(call, event)
                # The first ones warm it up.
                if index >= 0:
                    kept.append(time.perf_counter() - began)
    return seconds


def _booked(call: Callable[[Mapping[str, Any]], dict[str, Any]], event: Mapping[str, Any]) -> None:
    answer = call(event)
    if answer.get("answer", {}).get("statusCode") != 201:
        raise RuntimeError(f"a booking of the bench was not made: {answer}")


def _booking(index: int) -> Mapping[str, Any]:
    """A booking of half an hour by a new person, each at a time of its own, as API Gateway gives it to the function."""
    start = datetime(2031, 1, 1, tzinfo=UTC) + timedelta(minutes=30 * index)
    body = {
        "resource": "room-1",
        "start": start.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "duration_minutes": 30,
        "customer": {"name": "Bench", "email": "bench@example.com", "language": "en"},
    }
    return {
        "httpMethod": "POST",
        "resource": "/v1/bookings",
        "headers": {"Content-Type": "application/json", "Idempotency-Key": f"bench-{index:016}"},
        "body": json.dumps(body),
        "requestContext": {"requestId": f"bench-{index}", "authorizer": {"claims": _OWNER}},
    }


@contextmanager
def _process(handler: str, environment: Mapping[str, str]) -> Iterator[Callable[[Mapping[str, Any]], dict[str, Any]]]:
    """A Node process with one handler, and what calls it."""
    process = subprocess.Popen(
        ["node", "front/invoke.mjs", handler],
        cwd=FOLDER,
        env=dict(environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )

    def call(event: Mapping[str, Any]) -> dict[str, Any]:
        assert process.stdin and process.stdout  # noqa: S101 - as it was started
        process.stdin.write(json.dumps(event) + "\n")
        process.stdin.flush()
        answer: dict[str, Any] = json.loads(process.stdout.readline() or '{"error": "the process ended"}')
        return answer

    try:
        yield call
    finally:
        process.kill()
        process.wait()


def _environment(endpoint: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_REGION": _REGION,
        "AWS_ACCESS_KEY_ID": _ANY,
        "AWS_SECRET_ACCESS_KEY": _ANY,
        "TABLE": _TABLE,
    }


def _make_table(endpoint: str) -> None:
    names = ("pk", "sk", "gsi1pk", "gsi1sk")
    own, index = (
        [{"AttributeName": name, "KeyType": kind} for name, kind in zip(pair, ("HASH", "RANGE"), strict=True)]
        for pair in (names[:2], names[2:])
    )
    client = boto3.client("dynamodb", region_name=_REGION, endpoint_url=endpoint, aws_access_key_id=_ANY, aws_secret_access_key=_ANY)
    client.create_table(
        TableName=_TABLE,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in names],
        KeySchema=own,
        GlobalSecondaryIndexes=[{"IndexName": "by-time", "KeySchema": index, "Projection": {"ProjectionType": "ALL"}}],
    )
