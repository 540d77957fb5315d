"""SQS: a change of one attribute leaves the others, who may use a queue as dead-letter queue, messages stay for whoever receives them.

No function is run here, and nobody waits for messages: the cloud answers one request after the other, so a long poll would hold up all.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import wraps
from typing import Any

_ALLOWING = "RedriveAllowPolicy"
_COUNTS = ("approximate_number_of_messages", "approximate_number_of_messages_delayed", "approximate_number_of_messages_not_visible")


def install() -> None:
    """Adds it to moto."""
    from moto.sqs.models import Queue, SQSBackend

    Queue.BASE_ATTRIBUTES = [*Queue.BASE_ATTRIBUTES, _ALLOWING]
    Queue.redrive_allow_policy = None
    Queue._set_attributes = _set(Queue._set_attributes)
    Queue.add_message = _left_alone(Queue.add_message)
    Queue.delete_message = _delete_message
    Queue.messages = property(_Visible)
    Queue.counted = True
    for number in _COUNTS:
        setattr(Queue, number, property(_counted(getattr(Queue, number).fget)))
    SQSBackend.receive_message = _uncounted(_at_once(SQSBackend.receive_message))
    SQSBackend.send_message = _uncounted(SQSBackend.send_message)


def _set(original: Any) -> Any:
    @wraps(original)
    def set_attributes(self: Any, attributes: dict[str, Any], now: float | None = None) -> None:
        # moto takes a policy that is not told for one that is taken back.
        policy = self.policy if hasattr(self, "_policy_json") else None
        original(self, attributes if "Policy" in attributes or not policy else {**attributes, "Policy": policy}, now)
        if attributes.get("KmsMasterKeyId"):
            self.sqs_managed_sse_enabled = False

    return set_attributes


def _left_alone(original: Any) -> Any:
    @wraps(original)
    def add_message(self: Any, message: Any) -> None:
        listeners, self.lambda_event_source_mappings = self.lambda_event_source_mappings, {}
        try:
            original(self, message)
        finally:
            self.lambda_event_source_mappings = listeners

    return add_message


def _at_once(original: Any) -> Any:
    @wraps(original)
    def receive_message(self: Any, queue_name: str, count: int, wait_seconds_timeout: int, *args: Any, **more: Any) -> Any:
        del wait_seconds_timeout
        return original(self, queue_name, count, 0, *args, **more)

    return receive_message


def _counted(original: Any) -> Any:
    def number(self: Any) -> Any:
        return original(self) if self.counted else 0

    return number


def _uncounted(original: Any) -> Any:
    """moto counts a queue's messages, three times, whenever it looks at an attribute, and so for each that is sent or received."""

    @wraps(original)
    def act(self: Any, queue_name: str, *args: Any, **more: Any) -> Any:
        queue = self.get_queue(queue_name)
        queue.counted = False
        try:
            return original(self, queue_name, *args, **more)
        finally:
            queue.counted = True

    return act


def _delete_message(self: Any, receipt_handle: str) -> None:
    """As moto does it, but without looking at the whole queue: what is deleted was received, so it is among the oldest."""
    from moto.sqs.exceptions import ReceiptHandleIsInvalid

    if receipt_handle in self.deleted_messages:
        return
    for position, message in enumerate(self._messages):
        if message.had_receipt_handle(receipt_handle):
            self.pending_messages.discard(message)
            self.deleted_messages.update(message.all_receipt_handles)
            del self._messages[position]
            return
    raise ReceiptHandleIsInvalid()


class _Visible:
    """The messages of a queue that may be received; moto would look at all of them to hand out ten."""

    def __init__(self, queue: Any) -> None:
        self._queue = queue

    def __iter__(self) -> Iterator[Any]:
        return (message for message in list(self._queue._messages) if message.visible and not message.delayed)

    def __len__(self) -> int:
        return sum(1 for _ in self)
