"""The functions' own tests, run by Node.js on an emulated cloud with the table, queue, bucket and pool of the platform, each shown as one.

A file's tests run together, in one process; what it does not name literally (tests made in a loop) is in the file's last test.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.kit.cloud import EmulatedCloud, running
from tests.kit.functions import SERVICE, node

REGION = "eu-west-1"
_NAME = re.compile(r'^test\("((?:[^"\\]|\\.)+)"', re.MULTILINE)
_SECONDS = 120
FILES = sorted(path.name for path in (SERVICE / "test").glob("*.test.mjs"))

pytestmark = pytest.mark.xdist_group("scheduling-node")


def _named(file: str) -> list[str]:
    """Names of the tests that a file has literally."""
    return [json.loads(f'"{name}"') for name in _NAME.findall((SERVICE / "test" / file).read_text(encoding="utf-8"))]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], dict[str, str | None]]]:
    """A file's tests to what failed in them; a file is run when it is first asked for."""
    program = node()
    folder = tmp_path_factory.mktemp("node")
    with running(folder) as cloud:
        yield cache(lambda file: _run(program, file, _environment(cloud, file), folder))


@pytest.mark.parametrize(("file", "name"), [(file, name) for file in FILES for name in _named(file)])
def test_the_functions_do_what_their_own_tests_say(file: str, name: str, results: Callable[[str], dict[str, str | None]]) -> None:
    found = results(file)
    assert name in found, f"{file} ended before it: {found}"
    assert found[name] is None, found[name]


@pytest.mark.parametrize("file", FILES)
def test_nothing_else_of_a_file_failed(file: str, results: Callable[[str], dict[str, str | None]]) -> None:
    assert {name: failure for name, failure in results(file).items() if failure and name not in _named(file)} == {}


def test_no_two_tests_of_a_file_have_one_name() -> None:
    for file in FILES:
        assert len(set(_named(file))) == len(_named(file)), file


def _run(program: Path, file: str, environment: dict[str, str], folder: Path) -> dict[str, str | None]:
    command = [str(program), "--test", "--test-reporter=junit", f"test/{file}"]
    done = subprocess.run(command, cwd=SERVICE, env=environment, capture_output=True, text=True, timeout=_SECONDS, check=False)
    (folder / f"{file}.xml").write_text(done.stdout, encoding="utf-8")
    cases = ET.fromstring(done.stdout).iter("testcase")
    found = {case.get("name", ""): _failure(case) for case in cases}
    assert (done.returncode == 0) == (not any(found.values())), f"{file}: {done.stdout[-3000:]}{done.stderr[-3000:]}"
    return found


def _failure(case: ET.Element) -> str | None:
    failure = case.find("failure")
    return None if failure is None else f"{failure.get('message')}\n{failure.text}"


def _environment(cloud: EmulatedCloud, file: str) -> dict[str, str]:
    """What functions are given, with a table, a queue, a bucket and a pool of the file's own."""
    name = re.sub(r"[^a-z]", "-", file.removesuffix(".test.mjs"))
    _table(cloud.boto("dynamodb", REGION), name)
    s3 = cloud.boto("s3", REGION)
    s3.create_bucket(Bucket=f"files-{name}", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_versioning(Bucket=f"files-{name}", VersioningConfiguration={"Status": "Enabled"})
    # As the platform's pool: users sign in by their address, have an id of the pool's own, and a tenant.
    tenant = {"Name": "tenant", "AttributeDataType": "String", "Mutable": True}
    pool = cloud.boto("cognito-idp", REGION).create_user_pool(PoolName=name, UsernameAttributes=["email"], Schema=[tenant])["UserPool"][
        "Id"
    ]
    return {
        "PATH": os.environ["PATH"],
        "AWS_ENDPOINT_URL": cloud.endpoint,
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "TABLE": name,
        "JOBS_QUEUE_URL": cloud.boto("sqs", REGION).create_queue(QueueName=name)["QueueUrl"],
        "DEAD_LETTER_QUEUE_URL": cloud.boto("sqs", REGION).create_queue(QueueName=f"{name}-dead")["QueueUrl"],
        "FILES_BUCKET": f"files-{name}",
        "USER_POOL_ID": pool,
        "CONTRACT_EXAMPLES": json.dumps(_examples()),
    }


def _examples() -> dict[str, list[Any]]:
    """Bookings as each version of the contract shows them."""
    found = {}
    for version in ("v1", "v2"):
        document = yaml.safe_load((SERVICE / "openapi" / f"scheduling.{version}.yaml").read_text(encoding="utf-8"))
        body = document["paths"]["/bookings"]["post"]["requestBody"]["content"]["application/json"]
        found[version] = [each["value"] for each in body["examples"].values()]
    return found


def _table(dynamodb: Any, name: str) -> None:
    keys, index = {"pk": "HASH", "sk": "RANGE"}, {"gsi1pk": "HASH", "gsi1sk": "RANGE"}
    dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": each, "AttributeType": "S"} for each in (*keys, *index)],
        KeySchema=[{"AttributeName": each, "KeyType": kind} for each, kind in keys.items()],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by-time",
                "KeySchema": [{"AttributeName": each, "KeyType": kind} for each, kind in index.items()],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires_at"})
