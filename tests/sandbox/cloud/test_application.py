"""The emulated cloud over HTTP, as boto3 and the provider meet it."""

import http.client
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError

from tests.kit.cloud import EmulatedCloud, running


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmulatedCloud]:
    with running(Path(tmp_path_factory.mktemp("cloud"))) as cloud:
        yield cloud


@pytest.fixture
def cloud(started: EmulatedCloud) -> EmulatedCloud:
    started.ask("DELETE", "/sandbox-api/faults")
    started.reset()
    return started


def client(cloud: EmulatedCloud, service: str, key: str = "test", headers: dict[str, str] | None = None) -> Any:
    config = Config(retries={"total_max_attempts": 1}, read_timeout=10)
    made = boto3.client(
        service, region_name="eu-west-1", endpoint_url=cloud.endpoint, aws_access_key_id=key, aws_secret_access_key="x", config=config
    )
    if headers:
        made.meta.events.register("before-send", lambda request, **_rest: request.headers.update(headers))
    return made


def keys(cloud: EmulatedCloud) -> int:
    return len(client(cloud, "kms").list_keys()["Keys"])


@pytest.mark.parametrize(
    ("service", "method", "arguments", "code"),
    [
        ("ec2", "describe_vpcs", {}, "RequestLimitExceeded"),
        ("rds", "describe_db_instances", {}, "Throttling"),
        ("kms", "list_keys", {}, "ThrottlingException"),
        ("cloudwatch", "describe_alarms", {}, "ThrottlingException"),
        ("eks", "list_clusters", {}, "ThrottlingException"),
        ("s3", "list_buckets", {}, "SlowDown"),
        ("route53", "list_hosted_zones", {}, "Throttling"),
        ("cloudfront", "list_distributions", {}, "Throttling"),
    ],
)
def test_throttling_is_read_by_boto3_in_every_protocol(
    cloud: EmulatedCloud, service: str, method: str, arguments: dict[str, Any], code: str
) -> None:
    cloud.ask("POST", "/sandbox-api/faults", {"rules": [{"match": f"{service}:*", "kind": "throttle", "times": 1}]})
    with pytest.raises(ClientError) as told:
        getattr(client(cloud, service), method)(**arguments)
    assert told.value.response["Error"]["Code"] == code
    assert "injected by the sandbox" in told.value.response["Error"]["Message"]
    getattr(client(cloud, service), method)(**arguments)


def test_a_reset_connection_is_a_reset_for_the_client(cloud: EmulatedCloud) -> None:
    cloud.ask("POST", "/sandbox-api/faults", {"rules": [{"match": "kms:CreateKey", "kind": "reset-after", "times": 1}]})
    with pytest.raises((ConnectionClosedError, ConnectionError)):
        client(cloud, "kms").create_key()
    assert keys(cloud) == 1, "it was done before the connection broke"


def test_the_same_call_under_the_same_key_is_done_once(cloud: EmulatedCloud) -> None:
    cloud.ask("POST", "/sandbox-api/faults", {"rules": [{"match": "kms:CreateKey", "kind": "reset-after", "times": 1}]})
    once = client(cloud, "kms", headers={"X-Sandbox-Idempotency": "op1/create"})
    with pytest.raises((ConnectionClosedError, ConnectionError)):
        once.create_key()
    first = once.create_key()["KeyMetadata"]["KeyId"]
    assert once.create_key()["KeyMetadata"]["KeyId"] == first
    assert keys(cloud) == 1
    cloud.ask("POST", "/sandbox-api/operations/forget", {"operation": "op1"})
    assert once.create_key()["KeyMetadata"]["KeyId"] != first


def test_many_clients_with_one_key_make_one_thing(cloud: EmulatedCloud) -> None:
    found: list[str] = []

    def create() -> None:
        made = client(cloud, "kms", headers={"X-Sandbox-Idempotency": "op2/create"}).create_key()
        found.append(made["KeyMetadata"]["KeyId"])

    threads = [threading.Thread(target=create) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6 and len(set(found)) == 1
    assert keys(cloud) == 1


def test_a_reset_changes_the_instance_and_forgets_the_operations(cloud: EmulatedCloud) -> None:
    before = cloud.ask("GET", "/sandbox-api/instance")
    cloud.ask("POST", "/sandbox-api/operations/begin", {"urn": "u", "token": "t", "inputs": {}})
    assert len(cloud.ask("GET", "/sandbox-api/operations")["operations"]) == 1
    cloud.reset()
    after = cloud.ask("GET", "/sandbox-api/instance")
    assert before["pid"] == after["pid"] and before["instance"] != after["instance"]
    assert cloud.ask("GET", "/sandbox-api/operations") == {"operations": []}


def test_an_access_key_that_is_an_account_acts_in_that_account(cloud: EmulatedCloud) -> None:
    for key, account in (("111122223333", "111122223333"), ("444455556666", "444455556666"), ("anything", "123456789012")):
        assert client(cloud, "sts", key).get_caller_identity()["Account"] == account
    client(cloud, "kms", "111122223333").create_key()
    assert len(client(cloud, "kms", "111122223333").list_keys()["Keys"]) == 1
    assert keys(cloud) == 0


def test_an_assumed_role_acts_in_the_roles_account(cloud: EmulatedCloud) -> None:
    given = client(cloud, "sts", "111122223333").assume_role(RoleArn="arn:aws:iam::999999999999:role/r", RoleSessionName="test")[
        "Credentials"
    ]
    there = boto3.client(
        "sts",
        region_name="eu-west-1",
        endpoint_url=cloud.endpoint,
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
    )
    assert there.get_caller_identity()["Account"] == "999999999999"


@pytest.mark.parametrize(
    ("service", "method", "arguments"),
    [
        ("guardduty", "create_members", {"DetectorId": "a" * 32, "AccountDetails": [{"AccountId": "1" * 12, "Email": "a@example.com"}]}),
        ("shield", "associate_drt_role", {"RoleArn": "arn:aws:iam::123456789012:role/r"}),
    ],
)
def test_what_moto_lacks_is_said_plainly_and_not_worth_a_retry(
    cloud: EmulatedCloud, service: str, method: str, arguments: dict[str, Any]
) -> None:
    with pytest.raises(ClientError) as told:
        getattr(client(cloud, service), method)(**arguments)
    assert told.value.response["Error"]["Code"] == "NotImplemented"
    assert told.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501


def ask(connection: http.client.HTTPConnection, method: str, path: str, body: str | None = None) -> tuple[int, Any]:
    connection.request(method, path, body)
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read())


def test_the_sandboxs_own_api_refuses_what_it_does_not_understand(cloud: EmulatedCloud) -> None:
    connection = http.client.HTTPConnection(cloud.endpoint.removeprefix("http://"), timeout=10)
    assert ask(connection, "GET", "/sandbox-api/nothing")[0] == 404
    assert ask(connection, "POST", "/sandbox-api/operations/begin", "{")[0] == 400
    assert ask(connection, "POST", "/sandbox-api/operations/begin", '{"urn": "u"}') == (400, {"error": "missing field 'token'"})
    unknown = ask(connection, "POST", "/sandbox-api/operations/complete", '{"operation": "x", "resource_id": "y"}')
    assert unknown == (400, {"error": "unknown operation 'x'"})
    assert ask(connection, "POST", "/sandbox-api/faults", '{"rules": [{"kind": "boom"}]}')[0] == 400
