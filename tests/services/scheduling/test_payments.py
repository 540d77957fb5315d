"""Webhooks of payment providers: signed, taken once, and told to the booking (SCH-5, API-6)."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.services.scheduling.scene import Caller, Scene, scene

pytestmark = pytest.mark.xdist_group("scheduling-payments")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with scene(tmp_path_factory.mktemp("payments")) as running:
        yield running


@pytest.fixture(scope="module")
def payments(made: Scene) -> Caller:
    return made.caller("payments")


def _booking(made: Scene, name: str) -> str:
    texts = {"pk": f"T#clinic-a#B#{name}", "sk": "B", "tenant": "clinic-a", "class": "booking", "customer": "c-1", "status": "confirmed"}
    made.put({**{key: {"S": value} for key, value in texts.items()}, "version": {"N": "1"}})
    return name


def _payment(made: Scene, booking: str) -> dict[str, Any]:
    found = made.item(f"T#clinic-a#B#{booking}", "B").get("payment", {})
    return {name: next(iter(value.values())) for name, value in found.items()}


def _post(path: str, body: bytes, headers: dict[str, str], query: dict[str, str] | None = None) -> dict[str, Any]:
    """What API Gateway gives the function."""
    return {
        "httpMethod": "POST",
        "resource": f"/v1/payments/webhooks/{path}",
        "headers": {"Content-Type": "application/json; charset=utf-8", **headers},
        "queryStringParameters": query,
        "body": body.decode(),
        "requestContext": {"requestId": "r-1"},
    }


def _hmac(secret: str, content: bytes) -> str:
    return hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()


def _stripe(event: str, kind: str, booking: str, secret: str = "whsec_test", age: int = 0, **told: Any) -> dict[str, Any]:
    carried = {"id": "pi_1", "currency": "brl", "metadata": {"tenant": "clinic-a", "booking": booking}, **told}
    body = json.dumps({"id": event, "object": "event", "type": kind, "created": 1, "data": {"object": carried}}).encode()
    at = int(time.time()) - age
    return _post("stripe", body, {"Stripe-Signature": f"t={at},v1={_hmac(secret, f'{at}.'.encode() + body)}"})


def _mercado_pago(payment: str, request: str, secret: str = "mp-secret") -> dict[str, Any]:
    at = int(time.time())
    signature = _hmac(secret, f"id:{payment};request-id:{request};ts:{at};".encode())
    body = json.dumps({"id": 1, "type": "payment", "action": "payment.updated", "data": {"id": payment}}).encode()
    return _post(
        "mercado-pago", body, {"x-signature": f"ts={at},v1={signature}", "x-request-id": request}, {"data.id": payment, "type": "payment"}
    )


def test_a_payment_of_stripe_is_told_to_its_booking(made: Scene, payments: Caller) -> None:
    booking = _booking(made, "b-1")
    answer = payments(_stripe("evt_paid1", "payment_intent.succeeded", booking, amount=12500))
    assert (answer["statusCode"], json.loads(answer["body"])) == (200, {"received": True})
    told = _payment(made, booking)
    assert {name: told[name] for name in ("provider", "state", "amount", "currency", "reference")} == {
        "provider": "stripe",
        "state": "paid",
        "amount": "12500",
        "currency": "BRL",
        "reference": "pi_1",
    }
    assert made.item(f"T#clinic-a#B#{booking}", "B")["version"] == "2"
    assert int(made.item("W#stripe#evt_paid1", "W")["expires_at"]) > time.time() + 86_400


def test_a_replayed_webhook_is_refused_and_a_provider_that_repeats_itself_is_not(made: Scene, payments: Caller) -> None:
    booking = _booking(made, "b-2")
    event = _stripe("evt_paid2", "payment_intent.succeeded", booking, amount=100)
    assert payments(event)["statusCode"] == 200
    replayed = payments(event)
    assert (replayed["statusCode"], replayed["headers"]["content-type"]) == (409, "application/problem+json")
    assert json.loads(replayed["body"])["type"] == "urn:morefocus:problem:replayed"
    # Stripe signs each attempt anew, and goes on until it hears yes.
    assert payments(_stripe("evt_paid2", "payment_intent.succeeded", booking, age=60, amount=100))["statusCode"] == 200
    assert made.item(f"T#clinic-a#B#{booking}", "B")["version"] == "2"


def test_a_bad_signature_is_refused_before_anything_is_read(made: Scene, payments: Caller) -> None:
    booking = _booking(made, "b-3")
    good = _stripe("evt_3", "payment_intent.succeeded", booking, amount=1)
    bad = [
        _stripe("evt_3", "payment_intent.succeeded", booking, secret="whsec_other", amount=1),
        _stripe("evt_3", "payment_intent.succeeded", booking, age=301, amount=1),
        {**good, "body": good["body"].replace("b-3", "b-4")},
        {**good, "headers": {"content-type": "application/json"}},
        _mercado_pago("999009", "r-1", secret="other"),
    ]
    answers = [payments(each) for each in bad]
    assert {each["statusCode"] for each in answers} == {401}
    assert {json.loads(each["body"])["type"] for each in answers} == {"urn:morefocus:problem:bad-signature"}
    assert (_payment(made, booking), made.item("W#stripe#evt_3", "W")) == ({}, {})


def test_events_out_of_order_do_not_take_a_payment_back(made: Scene, payments: Caller) -> None:
    booking = _booking(made, "b-5")
    for event, kind in (
        ("evt_5a", "payment_intent.succeeded"),
        ("evt_5b", "payment_intent.processing"),
        ("evt_5c", "payment_intent.payment_failed"),
    ):
        assert payments(_stripe(event, kind, booking, amount=100))["statusCode"] == 200
    assert _payment(made, booking)["state"] == "paid"
    assert payments(_stripe("evt_5d", "charge.refunded", booking, refunded=True, amount_refunded=100))["statusCode"] == 200
    assert _payment(made, booking)["state"] == "refunded"


def test_mercado_pago_is_asked_what_became_of_the_payment_since_its_notices_are_not_signed(made: Scene, payments: Caller) -> None:
    booking = _booking(made, "b-6")
    payment = {
        "id": 999009,
        "status": "approved",
        "transaction_amount": 120.5,
        "currency_id": "BRL",
        "external_reference": f"clinic-a:{booking}",
    }
    made.stub("PUT", "/payments", {"999009": payment})
    notice = _mercado_pago("999009", "request-1")
    assert payments(notice)["statusCode"] == 200
    assert {key: _payment(made, booking)[key] for key in ("provider", "state", "amount", "currency")} == {
        "provider": "mercado-pago",
        "state": "paid",
        "amount": "12050",
        "currency": "BRL",
    }
    assert payments(notice)["statusCode"] == 409
    made.stub("PUT", "/payments", {"999009": {**payment, "status": "refunded", "transaction_amount_refunded": 120.5}})
    assert payments(_mercado_pago("999009", "request-2"))["statusCode"] == 200
    assert _payment(made, booking)["state"] == "refunded"
    # A simulated notice names a payment that there is not.
    assert payments(_mercado_pago("123456", "request-3"))["statusCode"] == 200


def test_events_that_mean_nothing_here_are_taken_and_change_nothing(made: Scene, payments: Caller) -> None:
    before = made.everything()
    for kind in ("customer.created", "payout.paid"):
        assert payments(_stripe("evt_other", kind, "b-1"))["statusCode"] == 200
    assert payments(_stripe("evt_7", "payment_intent.succeeded", "not#ours", amount=1))["statusCode"] == 200
    assert made.everything() == before


def test_what_is_no_event_is_a_problem_document(made: Scene, payments: Caller) -> None:
    body, at = b"[]", int(time.time())
    signed = {"Stripe-Signature": f"t={at},v1={_hmac('whsec_test', f'{at}.'.encode() + body)}"}
    answer = payments(_post("stripe", body, signed))
    assert (answer["statusCode"], answer["headers"]["content-type"]) == (400, "application/problem+json")
    form = payments({**_post("stripe", body, signed), "headers": {**signed, "content-type": "text/plain"}})
    assert form["statusCode"] == 415
