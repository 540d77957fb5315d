"""The memory of interrupted creations: one deed for one key, whatever happens around it."""

import threading
import time

import pytest

from sandbox.cloud.messages import Answer
from sandbox.cloud.operations import Operations, UnknownOperationError

OK = Answer("200 OK", (), b"made")
REFUSED = Answer("400 Bad Request", (), b"no")


def test_an_operation_is_resumed_until_it_is_acknowledged() -> None:
    operations = Operations()
    first = operations.begin("urn:a", "aws:kms/key:Key", {"description": "x"})
    assert first["resumed"] is False and first["resource_id"] is None
    again = operations.begin("urn:a", "aws:kms/key:Key", {"description": "changed"})
    assert again == {**first, "resumed": True}
    operations.complete(first["id"], "key-1")
    assert operations.begin("urn:a", "aws:kms/key:Key", {})["resource_id"] == "key-1"
    operations.acknowledge("urn:a", "key-1")
    assert operations.begin("urn:a", "aws:kms/key:Key", {})["id"] != first["id"]


def test_acknowledging_another_id_keeps_the_operation() -> None:
    operations = Operations()
    begun = operations.begin("urn:a", "t", {})
    operations.acknowledge("urn:a", "older")
    operations.complete(begun["id"], "newer")
    operations.acknowledge("urn:a", "older")
    operations.acknowledge("urn:b", "newer")
    assert [item["id"] for item in operations.unacknowledged()] == [begun["id"]]


def test_completing_what_was_never_begun_is_an_error() -> None:
    with pytest.raises(UnknownOperationError):
        Operations().complete("none", "x")


def test_a_good_answer_is_given_again_and_a_refusal_is_not_kept() -> None:
    operations, answers = Operations(), [REFUSED, OK]
    ran = []

    def run() -> Answer:
        ran.append(1)
        return answers[len(ran) - 1]

    assert operations.once("op/create", run) == REFUSED
    assert operations.once("op/create", run) == OK
    assert operations.once("op/create", run) == OK
    assert len(ran) == 2


@pytest.mark.parametrize("drop", ["forget", "acknowledge", "clear"])
def test_answers_are_dropped_with_their_operation(drop: str) -> None:
    operations = Operations()
    begun = operations.begin("urn:a", "t", {})
    key = f"{begun['id']}/create"
    operations.once(key, lambda: OK)
    operations.complete(begun["id"], "x")
    if drop == "forget":
        operations.forget(begun["id"])
    elif drop == "acknowledge":
        operations.acknowledge("urn:a", "x")
    else:
        operations.clear()
    assert operations.once(key, lambda: REFUSED) == REFUSED


def test_the_second_of_two_requests_at_once_waits_for_the_first() -> None:
    operations, ran = Operations(), []

    def run() -> Answer:
        ran.append(1)
        time.sleep(0.1)
        return OK

    answers: list[Answer] = []
    threads = [threading.Thread(target=lambda: answers.append(operations.once("op/k", run))) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [OK] * 5
    assert len(ran) == 1


def test_a_request_that_breaks_off_leaves_the_key_free() -> None:
    operations = Operations()

    def breaks() -> Answer:
        raise RuntimeError("moto")

    with pytest.raises(RuntimeError):
        operations.once("op/k", breaks)
    assert operations.once("op/k", lambda: OK) == OK
