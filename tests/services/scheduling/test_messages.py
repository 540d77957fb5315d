"""The worker of the jobs queue: each message is sent once or lies in the dead-letter queue, whenever a worker is killed (SCH-4, SCH-6)."""

from __future__ import annotations

import hashlib
import json
import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.services.scheduling.contracts import DOCUMENTS, OWNER, SCOPES, TENANT
from tests.services.scheduling.scene import Queue, Scene, job, scene, until

MANY = int(os.environ.get("SCHEDULING_MESSAGES", "2000"))
"""Messages of the test that kills workers; ten thousand with SCHEDULING_MESSAGES=10000."""
KILLS, LANES = 3, 2


pytestmark = pytest.mark.xdist_group("scheduling-messages")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with scene(tmp_path_factory.mktemp("messages")) as running:
        running.connect("sesv2").create_email_identity(EmailIdentity="example.com")
        yield running


@pytest.fixture(autouse=True)
def _nothing_sent(made: Scene) -> None:
    made.stub("POST", "/plan", [])


def _sent_to(made: Scene, number: int) -> int:
    return sum(each["to"].lstrip("+") == f"55119{number:08}" for each in made.messages())


def _reasons(dead: list[dict[str, Any]]) -> list[str]:
    return [each.get("MessageAttributes", {}).get("reason", {}).get("StringValue", "") for each in dead]


def test_a_booking_of_the_contracts_example_is_told_to_its_person(made: Scene) -> None:
    """From the API to the provider: booking, outbox, stream, queue, worker."""
    queue = made.queue()
    example = DOCUMENTS["v1"]["paths"]["/bookings"]["post"]["requestBody"]["content"]["application/json"]["examples"]["new_customer"][
        "value"
    ]
    claims = {"sub": OWNER, "tenant": TENANT, "cognito:groups": "owner", "scope": SCOPES}
    request = {"requestId": "r-1", "authorizer": {"claims": claims}}
    event = {"httpMethod": "POST", "resource": "/v1/bookings", "headers": {"Content-Type": "application/json"}, "requestContext": request}
    answer = made.caller("bookings")({**event, "body": json.dumps(example)})
    assert answer["statusCode"] == 201, answer["body"]
    waiting = [item for item in made.items() if item["pk"]["S"].startswith("O#")]
    change = {"NewImage": waiting[0], "SequenceNumber": "1", "ApproximateCreationDateTime": time.time()}
    made.caller("audit", JOBS_QUEUE_URL=queue.url)({"Records": [{"eventID": "e-1", "eventName": "INSERT", "dynamodb": change}]})
    with made.worker(queue):
        until(lambda: made.left(queue) == 0)
    [message] = [each for each in made.messages() if each["to"] == example["customer"]["phone"].lstrip("+")]
    assert message["text"].startswith(f"Olá, {example['customer']['name']}! Seu agendamento está confirmado: {example['resource']}, ")
    assert not [item for item in made.items() if item["pk"]["S"].startswith("O#")]


def test_a_job_of_the_queue_is_delivered_and_one_that_is_delivered_twice_is_sent_once(made: Scene) -> None:
    queue = made.queue()
    made.send(queue, [job(1), job(2), job(2), job(2)])
    with made.worker(queue, LANES="3"):
        until(lambda: made.left(queue) == 0)
    assert [_sent_to(made, number) for number in (1, 2)] == [1, 1]
    record = made.item("M#job-1", "M")
    assert (record["state"], record["provider"], record["gsi1pk"]) == ("sent", "z-api", "T#clinic-a#C#c-1")
    assert "5511900000001" not in made.everything()
    assert made.dead(queue) == []


def test_what_fails_three_times_is_in_the_dead_letter_queue_and_what_fails_once_is_sent(made: Scene) -> None:
    queue = made.queue()
    made.stub("POST", "/plan", [{"status": 500, "times": 3}])
    made.send(queue, [job(10)])
    with made.worker(queue):
        until(lambda: made.item("M#job-10", "M").get("reason") == "failed (500)")
        # The fourth receive moves it.
        until(lambda: made.left(queue) == 0)
        made.stub("POST", "/plan", [{"status": 503, "times": 1}])
        made.send(queue, [job(11)])
        until(lambda: _sent_to(made, 11) == 1)
        until(lambda: made.left(queue) == 0)
    assert [json.loads(each["Body"])["id"] for each in made.dead(queue)] == ["job-10"]
    assert _sent_to(made, 10) == 0


def test_what_can_never_be_sent_is_in_the_dead_letter_queue_at_once_with_its_reason(made: Scene) -> None:
    queue = made.queue(visibility=600)
    made.stub("POST", "/plan", [{"status": 400}])
    with made.worker(queue, LANES="1"):
        made.send(queue, [job(20)])
        until(lambda: made.item("M#job-20", "M").get("state") == "parked")
        made.send(queue, ["{", job(21, kind="fax"), job(22, values={}), job(23, language="fr")])
        until(lambda: made.left(queue) == 0)
    dead = made.dead(queue)
    assert sorted(_reasons(dead)) == [
        "malformed: #/kind: must be one of whatsapp, mail",
        "malformed: it is not JSON",
        "malformed: no language like fr: there are en, pt-BR, es",
        "malformed: template booking-created needs values for its placeholders: 'service' is missing",
        "refused (400)",
    ]


def test_a_limit_puts_off_and_costs_no_delivery(made: Scene) -> None:
    queue = made.queue(visibility=600)
    made.stub("POST", "/plan", [{"status": 429, "headers": {"retry-after": "1"}, "times": 3}])
    made.send(queue, [job(30)])
    with made.worker(queue, LANES="1"):
        until(lambda: _sent_to(made, 30) == 1)
        until(lambda: made.left(queue) == 0)
    assert made.dead(queue) == []


def test_a_tenant_that_floods_the_queue_does_not_hold_up_another(made: Scene) -> None:
    queue = made.queue(visibility=600)
    made.send(queue, [job(number, tenant="loud") for number in range(40, 60)] + [job(60, tenant="quiet")])
    with made.worker(queue, LANES="1", TENANT_MESSAGES_PER_MINUTE="5"):
        until(lambda: _sent_to(made, 60) == 1)
        # A minute may have begun in between.
        assert sum(_sent_to(made, number) for number in range(40, 60)) in {5, 10}
        assert made.left(queue) >= 10
    assert made.dead(queue) == []


def test_the_erased_and_addresses_that_bounced_get_nothing(made: Scene) -> None:
    queue = made.queue()
    subject = hashlib.sha256(json.dumps(["clinic-a", "gone"], separators=(",", ":")).encode()).hexdigest()
    made.put({"pk": {"S": f"X#{subject}"}, "sk": {"S": "X"}, "tenant": {"S": "clinic-a"}, "class": {"S": "tombstone"}})
    feedback = made.caller("feedback")
    transient = {"eventType": "Bounce", "bounce": {"bounceType": "Transient", "bouncedRecipients": [{"emailAddress": "full@example.com"}]}}
    bounce = {
        "eventType": "Bounce",
        "bounce": {"bounceType": "Permanent", "bouncedRecipients": [{"emailAddress": "Nobody <NoBody@example.com>"}]},
    }
    complaint = {"eventType": "Complaint", "complaint": {"complainedRecipients": [{"emailAddress": "angry@example.com"}]}}
    answer = feedback({"Records": [{"Sns": {"Message": json.dumps(each)}} for each in (transient, bounce, complaint)]})
    assert answer == {"marked": 2}
    mails = ("nobody@example.com", "angry@example.com", "full@example.com", "ana@example.com")
    made.send(queue, [job(70, customer="gone"), *(job(71 + at, kind="mail", to=to) for at, to in enumerate(mails))])
    with made.worker(queue):
        until(lambda: made.left(queue) == 0)
    assert _sent_to(made, 70) == 0
    assert [made.item(f"M#job-{number}", "M").get("provider") for number in range(70, 75)] == [None, None, None, "ses", "ses"]
    assert made.connect("ses").get_send_quota()["SentLast24Hours"] == 2
    assert not [name for name in ("nobody", "angry", "full") if f"{name}@" in made.everything().lower()]
    assert made.dead(queue) == []


def test_a_worker_killed_while_it_waits_for_an_answer_leaves_a_doubt_that_is_never_sent_again_by_itself(made: Scene) -> None:
    """The provider has taken the message, and the worker does not live to write that down."""
    silent, asked = made.queue(visibility=5), made.queue(visibility=5)
    made.stub("POST", "/plan", [{"hang": True, "taken": True, "times": 2}])
    made.send(silent, [job(80)])
    made.send(asked, [job(81)])
    quick = {"LANES": "1", "FUNCTION_TIMEOUT_SECONDS": "3"}
    with made.worker(silent, **quick) as first, made.worker(asked, WHATSAPP_PROVIDER="ultramsg", **quick) as second:
        until(lambda: _sent_to(made, 80) + _sent_to(made, 81) == 2)
        first.kill()
        second.kill()
    with made.worker(silent, **quick), made.worker(asked, WHATSAPP_PROVIDER="ultramsg", **quick):
        until(lambda: made.left(silent) + made.left(asked) == 0)
        # UltraMsg could be asked.
        assert made.item("M#job-81", "M")["state"] == "sent"
        assert made.dead(asked) == []
        [parked] = made.dead(silent)
        assert _reasons([parked]) == ["outcome unknown: a worker ended while it was sending"]
        assert [_sent_to(made, number) for number in (80, 81)] == [1, 1]
        # Somebody looks, decides, and moves it back, as often as they like: it goes once for each parking.
        for _ in range(2):
            made.connect("sqs").send_message(QueueUrl=silent.url, MessageBody=parked["Body"], MessageAttributes=_sendable(parked))
            until(lambda: made.left(silent) == 0)
    assert _sent_to(made, 80) == 2


def _sendable(message: dict[str, Any]) -> dict[str, Any]:
    return {name: {"DataType": "String", "StringValue": each["StringValue"]} for name, each in message["MessageAttributes"].items()}


@pytest.mark.long
def test_of_many_messages_with_workers_killed_again_and_again_each_is_sent_once_or_in_the_dead_letter_queue(made: Scene) -> None:
    queue = made.queue(visibility=10)
    before = made.stub("GET", "/count")
    numbers = range(1000, 1000 + MANY)
    made.send(queue, [job(number) for number in numbers])
    chance, workers = random.Random(6), 0
    for kill in range(KILLS):
        goal = before + (kill + 1) * MANY // (KILLS + 2)
        # In the middle, wherever it is just then: the kill lands between any two of its steps.
        workers += _work(made, queue, lambda goal=goal: made.stub("GET", "/count") >= goal, more=chance.uniform(0, 0.1))  # type: ignore[misc]
    counts = [before]

    def over() -> bool:
        # A long queue takes the emulated cloud a second to count: not while messages are still going out.
        counts.append(made.stub("GET", "/count"))
        return counts[-1] == counts[-2] and made.left(queue) == 0

    workers += _work(made, queue, over, every=2)
    _each_once_or_parked(made, queue, numbers, workers)


def _work(made: Scene, queue: Queue, done: Callable[[], bool], *, more: float = 0, every: float = 0.05) -> int:
    """Lets workers work until then and a little longer, and kills them; one that took too long for a batch ends, and another follows."""
    workers = 0
    while not done():
        workers += 1
        with made.worker(queue, LANES=str(LANES), FUNCTION_TIMEOUT_SECONDS="8") as worker:
            until(lambda: worker.poll() is not None or done(), 600, every)
            time.sleep(more)
    return workers


def _each_once_or_parked(made: Scene, queue: Queue, numbers: range, workers: int) -> None:
    sent = Counter(int(each["to"][5:]) for each in made.messages() if int(each["to"][5:]) in numbers)
    parked = {int(json.loads(each["Body"])["id"].removeprefix("job-")) for each in made.dead(queue)}
    assert set(sent.values()) == {1}, "nothing is sent twice"
    assert set(sent) | parked == set(numbers), "nothing is lost"
    # In doubt are those alone that a killed worker had just then under way: five of each batch.
    assert len(parked) <= workers * LANES * 5
    for number in parked - set(sent):
        assert made.item(f"M#job-{number}", "M").get("state") != "sent"
