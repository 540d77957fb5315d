"""No secret is ever shown: whatever it is, wherever it stands, however it is written."""

import base64
import html
import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scripts.review import widgets
from scripts.review.masking import HIDDEN, SHORTEST, UNKNOWN, Secrets
from scripts.review.note import note
from scripts.review.page import page
from scripts.review.reading import parse
from tests.scripts.review import samples
from tests.scripts.review.samples import SECRET, SIGNATURE, create, reviewed, step, stream, update

KEPT = "no secret at all"


def signed(value: Any, *, clear: bool = True) -> dict[str, Any]:
    """Return a secret as the engine writes it: in clear where it was asked to, else blinded."""
    return {SIGNATURE: SECRET, **({"plaintext": json.dumps(value)} if clear else {"ciphertext": "[secret]"})}


texts = st.text(st.characters(codec="utf-8"), min_size=SHORTEST, max_size=60).filter(lambda text: len(text.strip()) >= SHORTEST)
values = st.recursive(
    texts
    | st.integers(min_value=10**SHORTEST)
    | st.just("-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0\nBAQEFAASCBKcwggSjAgEAAo\n-----END KEY-----\n"),
    lambda inner: st.lists(inner, min_size=1, max_size=3) | st.dictionaries(st.text(max_size=5), inner, min_size=1, max_size=3),
    max_leaves=5,
)


def leaves(value: Any) -> list[str]:
    if isinstance(value, dict | list):
        return [leaf for inner in (value.values() if isinstance(value, dict) else value) for leaf in leaves(inner)]
    return [str(value)]


def outputs(text: str) -> str:
    """Return everything that a review writes of a stream."""
    found = reviewed(parse(text))
    return "".join([note(found, whole="there"), page(found), widgets.code_quality(found), widgets.junit(found)])


def told(secret: Any, spread: str) -> str:
    """Return a stream in which a secret stands marked in one place, and its text unmarked in many others."""
    beside = {
        "marked": signed(secret),
        "deep": {"list": [KEPT, signed(secret)]},
        "again": spread,
        "within": f"postgres://user:{spread}@host/{KEPT}",
        "document": json.dumps({"Statement": [{"Sid": spread}], "other": KEPT}),
        "encoded": base64.b64encode(spread.encode()).decode(),
        "address": f"https://example.org/?q={quote(spread, safe='')}",
        "markup": f"<b>{html.escape(spread)}</b>",
        spread: "as a name",
    }
    old = {**beside, "marked": signed("an older secret value"), "within": "postgres://user@host", "document": "{}"}
    return stream(
        create(samples.QUEUE, "made", beside),
        update(samples.QUEUE, "changed", old, beside, *(key for key in beside if key != spread)),
        [step("update", samples.state(samples.ROLE, "all", old), samples.state(samples.ROLE, "all", beside))],
        [samples.error(f"the provider refused {spread}: {KEPT}")],
        result="failed",
    )


@settings(max_examples=40, deadline=None)
@given(values)
def test_a_secret_is_shown_nowhere_in_no_spelling(secret: Any) -> None:
    said = leaves(secret)
    plain = outputs(told("nothing of it", "nothing of it"))
    # What stands there anyway, such as a name of a type, gives nothing away.
    assume(not any(text in plain or html.escape(text) in plain for text in said))
    for spread in said:
        shown = outputs(told(secret, spread))
        for text in said:
            for spelling in (
                text,
                html.escape(text),
                json.dumps(text)[1:-1],
                quote(text, safe=""),
                base64.b64encode(text.encode()).decode(),
            ):
                assert spelling not in shown, f"{spelling!r} is shown"
        assert KEPT in shown and HIDDEN in shown


@settings(max_examples=60, deadline=None)
@given(st.recursive(st.text() | st.integers() | st.booleans() | st.none() | st.floats(allow_nan=False), st.lists, max_leaves=4))
def test_a_marked_value_is_hidden_whatever_it_is(value: Any) -> None:
    for written in (signed(value), signed(value, clear=False), {SIGNATURE: SECRET, "value": value}):
        assert Secrets().masked({"size": written, "kept": KEPT}) == {"size": HIDDEN, "kept": KEPT}


def test_lines_of_a_secret_are_found_one_by_one_and_where_it_was_cut() -> None:
    key = "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0\n-----END KEY-----\n"
    secrets = Secrets()
    secrets.learn([{"inputs": {"key": signed(key)}}])
    assert secrets.hide("first MIIEvQIBADANBgkqhkiG9w0 last") == f"first {HIDDEN} last"
    assert secrets.hide(json.dumps(key)) == f'"{HIDDEN}"'


def test_a_short_secret_is_hidden_in_its_place_and_does_not_blank_other_words() -> None:
    secrets = Secrets()
    secrets.learn({"a": signed("us"), "b": signed(True), "c": signed(443)})
    assert secrets.masked({"a": signed("us"), "zone": "us-east-1", "port": 443, "on": True}) == {
        "a": HIDDEN,
        "zone": "us-east-1",
        "port": 443,
        "on": True,
    }


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "masterPassword",
        "passphrase",
        "secretString",
        "authToken",
        "token",
        "privateKey",
        "private_key",
        "clientSecret",
        "apiKey",
        "DB_PASSWORD",
    ],
)
def test_what_is_named_like_a_secret_is_hidden_though_nobody_marked_it(name: str) -> None:
    secrets = Secrets()
    assert secrets.masked({name: "hunter2"}) == {name: HIDDEN}
    assert secrets.masked({"env": [{"name": name, "value": "hunter2"}]}) == {"env": [{"name": name, "value": HIDDEN}]}


@pytest.mark.parametrize(
    "name", ["passwordPolicy", "tokenCount", "publicKey", "keyId", "secretArn", "nextToken", "manageMasterUserPassword"]
)
def test_what_only_speaks_of_secrets_is_shown(name: str) -> None:
    value: Any = True if name.startswith("manage") else "some text"
    assert Secrets().masked({name: value}) == {name: value}


def test_of_a_secret_of_kubernetes_the_keys_alone_are_shown() -> None:
    shown = Secrets().masked_resource(
        "kubernetes:core/v1:Secret", {"data": {"url": "cG9zdGdyZXM="}, "stringData": {"x": "y"}, "kind": "Secret", "__x": 1}
    )
    assert shown == {"data": {"url": HIDDEN}, "stringData": {"x": HIDDEN}, "kind": "Secret"}


def test_unknowns_files_and_references_are_named() -> None:
    asset = {SIGNATURE: "c44067f5952c0a294b673a41bacd8c17", "hash": "0123456789abcdef", "text": "echo"}
    output = {SIGNATURE: "d0e6a833031e9bbcd3f4e8bde6ca49a4"}
    reference = {SIGNATURE: "5cf8f73096256a8f31e491e813e4eb8e", "urn": "urn:pulumi:s::p::t::n"}
    assert Secrets().masked(
        [samples.UNKNOWN, asset, output, {**output, "value": "x"}, {**output, "value": "x", "secret": True}, reference]
    ) == [
        UNKNOWN,
        "[file 0123456789ab]",
        UNKNOWN,
        "x",
        HIDDEN,
        "urn:pulumi:s::p::t::n",
    ]
