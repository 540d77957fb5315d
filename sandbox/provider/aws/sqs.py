"""Simple Queue Service: queues, and what their policies and dead-letter queues are when they are declared apart."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from sandbox.provider import documents, naming, tagging
from sandbox.provider.differ import same_document
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.requests import refusals
from sandbox.provider.values import UNKNOWN, Properties, known

POLICY = documents.Grammar("a queue policy", frozenset({"Action", "Resource", "Principal"}), 8_192, plain_sids=False)

_ATTRIBUTES = {
    "contentBasedDeduplication": "ContentBasedDeduplication",
    "deduplicationScope": "DeduplicationScope",
    "delaySeconds": "DelaySeconds",
    "fifoQueue": "FifoQueue",
    "fifoThroughputLimit": "FifoThroughputLimit",
    "kmsDataKeyReusePeriodSeconds": "KmsDataKeyReusePeriodSeconds",
    "kmsMasterKeyId": "KmsMasterKeyId",
    "maxMessageSize": "MaximumMessageSize",
    "messageRetentionSeconds": "MessageRetentionPeriod",
    "policy": "Policy",
    "receiveWaitTimeSeconds": "ReceiveMessageWaitTimeSeconds",
    "redriveAllowPolicy": "RedriveAllowPolicy",
    "redrivePolicy": "RedrivePolicy",
    "sqsManagedSseEnabled": "SqsManagedSseEnabled",
    "visibilityTimeoutSeconds": "VisibilityTimeout",
}
_NUMBERS = {
    "delaySeconds": (0, 900),
    "kmsDataKeyReusePeriodSeconds": (60, 86_400),
    "maxMessageSize": (1_024, 1_048_576),
    "messageRetentionSeconds": (60, 1_209_600),
    "receiveWaitTimeSeconds": (0, 20),
    "visibilityTimeoutSeconds": (0, 43_200),
}
"""Least and most of each, see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html"""
_SWITCHES = {"contentBasedDeduplication", "fifoQueue", "sqsManagedSseEnabled"}
_APART = ("policy", "redrivePolicy", "redriveAllowPolicy")
"""What a resource of its own may say: without a word of the queue, it is not the queue's to take back."""
_REUSE_SECONDS = 300
_FIFO_ONLY = ("contentBasedDeduplication", "deduplicationScope", "fifoThroughputLimit")


class Queue(Handler):
    """A queue."""

    token = "aws:sqs/queue:Queue"
    create_only = frozenset({"name", "namePrefix", "fifoQueue"})
    documents = frozenset(_APART)
    defaults = {
        "contentBasedDeduplication": False,
        "delaySeconds": 0,
        "fifoQueue": False,
        "maxMessageSize": 262_144,
        "messageRetentionSeconds": 345_600,
        "receiveWaitTimeSeconds": 0,
        "visibilityTimeoutSeconds": 30,
    }
    autoname = "name"
    autoname_limit = 75

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        documents.normalise(inputs, *_APART)
        found = documents.failures("policy", inputs.get("policy"), POLICY)
        found += _redrive_failures(inputs.get("redrivePolicy")) + _allow_failures(inputs.get("redriveAllowPolicy"))
        for key, (least, most) in _NUMBERS.items():
            value = inputs.get(key, UNKNOWN)
            if value is not UNKNOWN and not least <= value <= most:
                found.append(Failure(key, f"must be {least} to {most} (got {value})"))
        return found + _fifo_failures(inputs) + _encryption_failures(inputs)

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {
            "arn": call.arn("sqs", naming.predicted(inputs)),
            "namePrefix": inputs.get("namePrefix", ""),
            "kmsDataKeyReusePeriodSeconds": inputs.get("kmsDataKeyReusePeriodSeconds", _REUSE_SECONDS),
        }

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        sqs, name = call.client("sqs"), naming.chosen(call, inputs)
        attributes = {wire: _text(inputs[key]) for key, wire in _ATTRIBUTES.items() if inputs.get(key) not in (None, "")}
        if not inputs.get("fifoQueue"):
            # SQS refuses even the word with a standard queue.
            attributes = {wire: value for wire, value in attributes.items() if wire not in ("FifoQueue", "ContentBasedDeduplication")}
        url = sqs.create_queue(QueueName=name, Attributes=attributes, **tagging.whole(inputs))["QueueUrl"]
        return url, {**self._computed(call, url, inputs), "name": name}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        return {
            **self._shown(call, resource_id),
            "namePrefix": state.get("namePrefix", ""),
            "tags": call.client("sqs").list_queue_tags(QueueUrl=resource_id).get("Tags", {}),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        sqs, live = call.client("sqs"), self._shown(call, resource_id)
        changes = {
            wire: _text(new[key] if key in new else self.defaults.get(key, ""))
            for key, wire in _ATTRIBUTES.items()
            if key not in self.create_only and self._differs(key, live, new)
        }
        if changes:
            sqs.set_queue_attributes(QueueUrl=resource_id, Attributes=changes)
        tagging.retag(sqs, resource_id, old, new, "Queue")
        return self._computed(call, resource_id, new)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("sqs").delete_queue(QueueUrl=resource_id)

    def _differs(self, key: str, live: Properties, new: Properties) -> bool:
        if key in new:
            return not (self.equal(key, live[key], new[key]) or (key in _APART and same_document(live[key], new[key])))
        # What the service decides where nothing is said stays as it is; a key that is no longer named is given up.
        return key == "kmsMasterKeyId" and bool(live[key])

    def _computed(self, call: Call, url: str, inputs: Properties) -> Properties:
        shown = self._shown(call, url) | {"namePrefix": inputs.get("namePrefix", "")}
        return {key: value for key, value in shown.items() if key not in inputs}

    def _shown(self, call: Call, url: str) -> Properties:
        live = call.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        told = {key: _plain(key, live[wire]) for key, wire in _ATTRIBUTES.items() if live.get(wire) not in (None, "")}
        return {
            **dict.fromkeys((*_APART, "kmsMasterKeyId", "deduplicationScope", "fifoThroughputLimit"), ""),
            **self.defaults,
            "kmsDataKeyReusePeriodSeconds": _REUSE_SECONDS,
            "sqsManagedSseEnabled": False,
            **told,
            "arn": live["QueueArn"],
            "name": live["QueueArn"].rpartition(":")[2],
            "url": url,
        }


class _Apart(Handler):
    """One attribute of a queue, declared apart from it."""

    create_only = frozenset({"queueUrl"})
    input: ClassVar[str]

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        self._put(call, inputs["queueUrl"], inputs[self.input])
        return inputs["queueUrl"], {}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        wire = _ATTRIBUTES[self.input]
        live = call.client("sqs").get_queue_attributes(QueueUrl=resource_id, AttributeNames=[wire]).get("Attributes", {})
        return {"queueUrl": resource_id, self.input: live[wire]} if live.get(wire) else None

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        self._put(call, resource_id, new[self.input])
        return {}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        self._put(call, resource_id, "")

    def _put(self, call: Call, url: str, value: str) -> None:
        call.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={_ATTRIBUTES[self.input]: value})


class QueuePolicy(_Apart):
    """Who may use a queue."""

    token = "aws:sqs/queuePolicy:QueuePolicy"
    documents = frozenset({"policy"})
    input = "policy"

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        documents.normalise(inputs, "policy")
        return documents.failures("policy", inputs["policy"], POLICY)


class RedrivePolicy(_Apart):
    """Where a queue puts what was received too often."""

    token = "aws:sqs/redrivePolicy:RedrivePolicy"
    documents = frozenset({"redrivePolicy"})
    input = "redrivePolicy"

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return _redrive_failures(inputs["redrivePolicy"])


class RedriveAllowPolicy(_Apart):
    """Which queues may use a queue as their dead-letter queue."""

    token = "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy"
    documents = frozenset({"redriveAllowPolicy"})
    input = "redriveAllowPolicy"

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return _allow_failures(inputs["redriveAllowPolicy"])


def _redrive_failures(policy: Any) -> list[Failure]:
    found, failures = _object("redrivePolicy", policy)
    if found is None:
        return failures
    times = found.get("maxReceiveCount")
    if set(found) != {"deadLetterTargetArn", "maxReceiveCount"}:
        failures.append(
            Failure("redrivePolicy", f"has deadLetterTargetArn and maxReceiveCount (got {', '.join(sorted(found)) or 'neither'})")
        )
    elif isinstance(times, bool) or not isinstance(times, int) or not 1 <= times <= 1_000:
        failures.append(Failure("redrivePolicy", f"maxReceiveCount must be a whole number, 1 to 1000, not in quotes (got {times!r})"))
    return failures


def _allow_failures(policy: Any) -> list[Failure]:
    found, failures = _object("redriveAllowPolicy", policy)
    if found is None:
        return failures
    permission, queues = found.get("redrivePermission"), found.get("sourceQueueArns")
    if permission not in ("allowAll", "denyAll", "byQueue"):
        failures.append(Failure("redriveAllowPolicy", f"redrivePermission must be allowAll, denyAll or byQueue (got {permission!r})"))
    elif (permission == "byQueue") != bool(queues):
        failures.append(Failure("redriveAllowPolicy", "sourceQueueArns are given with redrivePermission byQueue, and only then"))
    elif queues and len(queues) > 10:
        failures.append(Failure("redriveAllowPolicy", f"at most 10 sourceQueueArns (got {len(queues)}): use allowAll for more"))
    return failures


def _object(path: str, text: Any) -> tuple[dict[str, Any] | None, list[Failure]]:
    """The object that a JSON text holds; None while it is unknown or empty, or when it holds none."""
    if text in (None, "") or not known(text):
        return None, []
    try:
        found = json.loads(text)
    except ValueError as error:
        return None, [Failure(path, f"must be JSON ({error})")]
    return (found, []) if isinstance(found, dict) else (None, [Failure(path, f"must be a JSON object (got {text})")])


def _fifo_failures(inputs: Properties) -> list[Failure]:
    name, fifo = inputs.get("name"), inputs["fifoQueue"]
    found = []
    if known(name, fifo) and name is not None and str(name).endswith(".fifo") != bool(fifo):
        found.append(Failure("name", f"ends in .fifo for a FIFO queue, and only then (got {name!r}, fifoQueue {fifo})"))
    if fifo is False:
        found += [Failure(key, "of FIFO queues only: set fifoQueue as well") for key in _FIFO_ONLY if inputs.get(key)]
    return found or refusals("sqs", "CreateQueue", {"QueueName": naming.predicted(inputs)})


def _encryption_failures(inputs: Properties) -> list[Failure]:
    if inputs.get("kmsMasterKeyId") and inputs.get("sqsManagedSseEnabled") is True:
        return [Failure("sqsManagedSseEnabled", "a queue is encrypted with kmsMasterKeyId or with SQS's own key: leave one of them out")]
    return []


def _text(value: Any) -> str:
    """An attribute as SQS takes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _plain(key: str, value: str) -> Any:
    """An attribute as the program writes it."""
    if key in _SWITCHES:
        return value.lower() == "true"
    return int(value) if key in _NUMBERS else value
