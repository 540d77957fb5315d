"""The scheduling service's functions in Node processes, with an emulated cloud and a stub of whom they speak to outside AWS."""

from __future__ import annotations

import json
import os
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.kit.cloud import EmulatedCloud, running
from tests.kit.functions import SERVICE, node

REGION = "eu-west-1"
TABLE = "scheduling"
SECRETS = {
    "whatsapp": {"instance_id": "i1", "token": "t1", "client_token": "c1", "phone_number_id": "100200", "access_token": "a1"},
    "addresses": {"key": "a key of hashes"},
    "stripe-webhook": {"signing_secret": "whsec_test"},
    "mercado-pago": {"access_token": "mp-token"},
    "mercado-pago-webhook": {"signing_secret": "mp-secret"},
}
_PATIENCE = 30


@dataclass(frozen=True)
class Queue:
    """A jobs queue with the one behind it, which takes a message after its third delivery."""

    url: str
    dead: str


@dataclass
class Caller:
    """A function that is called with one event after another."""

    process: subprocess.Popen[str]

    def __call__(self, event: Mapping[str, Any]) -> Any:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(event) + "\n")
        self.process.stdin.flush()
        result = json.loads(self.process.stdout.readline())
        assert "error" not in result, result["error"]
        return result["answer"]


@dataclass
class Scene:
    """Where everything is."""

    cloud: EmulatedCloud
    stub_port: int
    folder: Path
    ends: ExitStack
    made: list[str] = field(default_factory=list)

    def connect(self, service: str) -> Any:
        return self.cloud.boto(service, REGION)

    def stub(self, method: str, path: str, body: Any = None) -> Any:
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://localhost:{self.stub_port}/stub{path}", content, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())

    def environment(self, queue: Queue | None = None, **more: str) -> dict[str, str]:
        """What the functions are given, as on Lambda."""
        queues = {"JOBS_QUEUE_URL": queue.url, "DEAD_LETTER_QUEUE_URL": queue.dead} if queue else {}
        return {
            "PATH": os.environ["PATH"],
            "AWS_ENDPOINT_URL": self.cloud.endpoint,
            "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_SESSION_TOKEN": "session",
            "PARAMETERS_SECRETS_EXTENSION_HTTP_PORT": str(self.stub_port),
            "TABLE": TABLE,
            "WHATSAPP_PROVIDER": "z-api",
            "WHATSAPP_URL": f"http://localhost:{self.stub_port}",
            "WHATSAPP_SECRET": "whatsapp",
            "ADDRESS_KEY_SECRET": "addresses",
            "MAIL_FROM": "bookings@example.com",
            "STRIPE_WEBHOOK_SECRET": "stripe-webhook",
            "MERCADO_PAGO_SECRET": "mercado-pago",
            "MERCADO_PAGO_WEBHOOK_SECRET": "mercado-pago-webhook",
            "MERCADO_PAGO_URL": f"http://localhost:{self.stub_port}",
            "TENANT_MESSAGES_PER_MINUTE": "1000000",
            "FUNCTION_TIMEOUT_SECONDS": "4",
            **queues,
            **more,
        }

    def queue(self, visibility: int = 1) -> Queue:
        """A new queue."""
        sqs, name = self.connect("sqs"), f"jobs-{len(self.made)}"
        self.made.append(name)
        dead = sqs.create_queue(QueueName=f"{name}-dead")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        redrive = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 3})
        url = sqs.create_queue(QueueName=name, Attributes={"VisibilityTimeout": str(visibility), "RedrivePolicy": redrive})["QueueUrl"]
        return Queue(url, dead)

    def start(self, *arguments: str, environment: Mapping[str, str]) -> subprocess.Popen[str]:
        """A Node process, which ends with the scene at the latest; its log is in the scene's folder."""
        log = self.ends.enter_context((self.folder / f"{len(list(self.folder.iterdir()))}.log").open("w"))
        piped = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE} if arguments[0] == "front/invoke.mjs" else {"stdout": log}
        process = subprocess.Popen([str(node()), *arguments], cwd=SERVICE, env=dict(environment), stderr=log, text=True, **piped)
        self.ends.callback(_end, process)
        return process

    @contextmanager
    def worker(self, queue: Queue, **more: str) -> Iterator[subprocess.Popen[str]]:
        """What plays Lambda with the worker."""
        process = self.start("front/poll.mjs", environment=self.environment(queue, **more))
        try:
            yield process
        finally:
            _end(process)

    def caller(self, function: str, **more: str) -> Caller:
        return Caller(self.start("front/invoke.mjs", f"{function}/handler.mjs", environment=self.environment(None, **more)))

    def send(self, queue: Queue, jobs: Sequence[Mapping[str, Any] | str]) -> None:
        """Put jobs on a queue, ten at a time."""
        bodies = [job if isinstance(job, str) else json.dumps(job) for job in jobs]
        sqs = self.connect("sqs")
        for start in range(0, len(bodies), 10):
            entries = [{"Id": str(index), "MessageBody": body} for index, body in enumerate(bodies[start : start + 10])]
            sqs.send_message_batch(QueueUrl=queue.url, Entries=entries)

    def messages(self) -> list[dict[str, Any]]:
        """What the stub's providers have taken."""
        found: list[dict[str, Any]] = self.stub("GET", "/messages")
        return found

    def left(self, queue: Queue) -> int:
        """How many messages are in the queue, seen or not; those whose deliveries are over move on when somebody receives."""
        wanted = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed"]
        found = self.connect("sqs").get_queue_attributes(QueueUrl=queue.url, AttributeNames=wanted)["Attributes"]
        return sum(map(int, found.values()))

    def dead(self, queue: Queue) -> list[dict[str, Any]]:
        """Everything in the dead-letter queue, taken out."""
        sqs, found = self.connect("sqs"), []
        while batch := sqs.receive_message(QueueUrl=queue.dead, MaxNumberOfMessages=10, MessageAttributeNames=["All"]).get("Messages"):
            for each in batch:
                sqs.delete_message(QueueUrl=queue.dead, ReceiptHandle=each["ReceiptHandle"])
            found += batch
        return found

    def item(self, pk: str, sk: str) -> dict[str, Any]:
        found: dict[str, Any] = self.connect("dynamodb").get_item(TableName=TABLE, Key={"pk": {"S": pk}, "sk": {"S": sk}}).get("Item", {})
        return {name: next(iter(value.values())) for name, value in found.items()}

    def put(self, item: Mapping[str, Any]) -> None:
        self.connect("dynamodb").put_item(TableName=TABLE, Item=dict(item))

    def items(self) -> list[dict[str, Any]]:
        """All of the table, each attribute beneath its type."""
        pages = self.connect("dynamodb").get_paginator("scan").paginate(TableName=TABLE)
        return [item for page in pages for item in page["Items"]]

    def everything(self) -> str:
        """All of the table, as text."""
        return json.dumps(self.items())


def until(what: Callable[[], bool], seconds: float = _PATIENCE, every: float = 0.05) -> None:
    """Wait for it, asking every so many seconds."""
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(every)


def job(number: int | str, **more: Any) -> dict[str, Any]:
    """A job for a WhatsApp message; its number is the one that is written to."""
    return {
        "id": f"job-{number}",
        "tenant": "clinic-a",
        "customer": "c-1",
        "kind": "whatsapp",
        "to": f"+55119{number:08}" if isinstance(number, int) else "+5511900000000",
        "template": "booking-created",
        "language": "pt-BR",
        "values": {"name": "Ana", "service": "Consulta", "start": "10/03, 14:00"},
        **more,
    }


@contextmanager
def scene(folder: Path) -> Iterator[Scene]:
    """Everything that runs, with a table; all of it is ended afterwards."""
    program, logs = node(), folder / "logs"
    logs.mkdir()
    with running(folder) as cloud, ExitStack() as ends:
        process = subprocess.Popen([str(program), "test/stub.mjs"], cwd=SERVICE, stdout=subprocess.PIPE, text=True)
        ends.callback(_end, process)
        assert process.stdout
        made = Scene(cloud, int(process.stdout.readline()), logs, ends)
        made.stub("PUT", "/secrets", SECRETS)
        keys = {"pk": "HASH", "sk": "RANGE"}
        index = {"gsi1pk": "HASH", "gsi1sk": "RANGE"}
        made.connect("dynamodb").create_table(
            TableName=TABLE,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in (*keys, *index)],
            KeySchema=[{"AttributeName": name, "KeyType": kind} for name, kind in keys.items()],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "by-time",
                    "KeySchema": [{"AttributeName": name, "KeyType": kind} for name, kind in index.items()],
                    "Projection": {"ProjectionType": "ALL"},
                }
            ],
        )
        yield made


def _end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.kill()
        process.wait(20)
