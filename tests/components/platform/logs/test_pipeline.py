"""Reads the rendered pipeline back and runs its filters on events, as Logstash would: what is tested is the text that is deployed."""

import hashlib
import hmac
import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.platform.logs.pipeline import DROPPED, HASHED, MASKED, TAKEN, pipeline, quoted
from components.platform.logs.streams import Stream
from tests.kit.logstash_grammar import NoPipelineError, check_pipeline

KEY = "salt"
TEXT = pipeline()
FILTERS = TEXT[TEXT.index("filter {\n") + len("filter {\n") : TEXT.index("\n}\noutput")]
Event = dict[str, Any]


def _parts(reference: str) -> list[str]:
    return re.findall(r"\[([^\]]+)\]", reference) or [reference]


def _get(event: Event, reference: str) -> Any:
    found: Any = event
    for part in _parts(reference):
        found = found.get(part) if isinstance(found, dict) else None
    return found


def _set(event: Event, reference: str, value: Any) -> None:
    *way, last = _parts(reference)
    place = event
    for part in way:
        place = place.setdefault(part, {})
    place[last] = value


def _remove(event: Event, reference: str) -> None:
    *way, last = _parts(reference)
    place: Any = event
    for part in way:
        place = place.get(part, {})
    place.pop(last, None)


def _holds(condition: str, event: Event) -> bool:
    """A condition of the kinds that the pipeline has; any other is an error of this test."""
    for way in condition.split(" or "):
        results = []
        for term in way.split(" and "):
            if found := re.fullmatch(r"(\S+) == '([^']*)'", term):
                results.append(_get(event, found[1]) == found[2])
            elif found := re.fullmatch(r"(\S+) =~ /(.*)/", term):
                value = _get(event, found[1])
                # As Logstash has it: what is no text matches nothing.
                results.append(isinstance(value, str) and re.search(found[2], value) is not None)
            elif found := re.fullmatch(r"(\S+) in \[(.*)\]", term):
                results.append(_get(event, found[1]) in re.findall(r"'([^']*)'", found[2]))
            elif re.fullmatch(r"(\[[^\]]+\])+", term):
                results.append(_get(event, term) not in (None, False))
            else:
                raise AssertionError(f"a condition that Logstash may read otherwise: {term}")
        if all(results):
            return True
    return False


def _joined() -> list[str]:
    """Each step on one line, the masks with their list."""
    steps: list[str] = []
    for line in FILTERS.splitlines():
        if line.startswith(("    ", "  ]")):
            steps[-1] += "\n" + line
        else:
            steps.append(line.strip())
    return steps


def run(message: str, namespace: str = "automation") -> Event:
    """Return what is kept of a line."""
    event: Event = {
        "message": message,
        "kubernetes": {"namespace": namespace, "pod": {"ip": "10.0.0.9", "name": "p"}},
        "host": {"ip": ["10.0.0.1"]},
    }
    decided = False
    for step in _joined():
        body = step
        if found := re.fullmatch(r"(if|else if|else) ?(.*?) ?\{ (.*) \}", step, re.DOTALL):
            kind, condition, body = found[1], found[2], found[3]
            decided = decided if kind != "if" else False
            if decided or (condition and not _holds(condition, event)):
                continue
            decided = True
        _apply(body, event)
    return event


def _apply(body: str, event: Event) -> None:
    words = re.findall(r"'([^']*)'", body)
    if body.startswith("json {"):
        try:
            parsed = json.loads(str(event[words[0]]))
        except ValueError:
            return
        if isinstance(parsed, dict):
            _set(event, words[1], parsed)
    elif body.startswith("mutate { copy"):
        _set(event, words[1], _get(event, words[0]))
    elif body.startswith("mutate { replace"):
        for field, value in zip(words[::2], words[1::2], strict=True):
            _set(event, field, value)
    elif body.startswith("fingerprint {"):
        assert words[2] == "SHA256" and words[3] == "${ANONYMISATION_KEY}"
        value = str(_get(event, words[0]))
        _set(event, words[1], hmac.new(KEY.encode(), value.encode(), hashlib.sha256).hexdigest())
    elif body.startswith("mutate { gsub"):
        for field, expression, mask in zip(words[::3], words[1::3], words[2::3], strict=True):
            _gsub(event, field, expression, mask)
    elif body.startswith("mutate { remove_field"):
        for field in words:
            _remove(event, field)
    else:
        raise AssertionError(f"a step that this test does not know: {body[:60]}")


def _gsub(event: Event, field: str, expression: str, mask: str) -> None:
    value = _get(event, field)
    if isinstance(value, list):
        _set(event, field, [re.sub(expression, mask, str(each), flags=re.ASCII) for each in value])
    elif isinstance(value, str):
        _set(event, field, re.sub(expression, mask, value, flags=re.ASCII))


PERSON = {"email": "ana.silva@example.com.br", "phone": "+55 (11) 91234-5678", "ip": "200.147.3.157"}


def _nothing_of_the_person(event: Event) -> bool:
    text = json.dumps(event)
    return not any(each in text for each in (*PERSON.values(), "ana.silva", "91234", "200.147"))


def test_a_person_in_a_plain_line_is_masked() -> None:
    event = run(f"sent to {PERSON['email']} and {PERSON['phone']} from {PERSON['ip']}")
    assert event["message"] == "sent to [email] and [phone] from [ip]"


def test_personal_fields_of_a_json_line_become_the_same_pseudonym_each_time_and_another_with_another_value() -> None:
    line = json.dumps({"level": "info", "message": f"hello {PERSON['email']}", **PERSON})
    event, again = run(line), run(line)
    assert _nothing_of_the_person(event)
    assert re.fullmatch(r"[0-9a-f]{64}", event["client"]["ip"]) and event["client"]["ip"] == again["client"]["ip"]
    assert event["client"]["ip"] != run(json.dumps({"ip": "200.147.3.158"}))["client"]["ip"]
    assert event["message"] == "hello [email]" and event["log"]["level"] == "info"


@given(
    st.recursive(
        st.sampled_from(list(PERSON.values())),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), inner, max_size=3),
        max_leaves=6,
    ),
    st.from_regex(r"[a-zA-Z]{1,10}", fullmatch=True) | st.sampled_from([taken.source.strip("[]").split("][")[0] for taken in TAKEN]),
)
def test_no_field_of_a_json_line_carries_anybody_past_the_masks_whatever_its_name_and_shape(value: Any, name: str) -> None:
    line = json.dumps({name: value, "level": "info"})
    assert _nothing_of_the_person(run(line)), line


@pytest.mark.parametrize("taken", TAKEN, ids=lambda taken: taken.source)
def test_every_field_that_is_taken_and_can_name_a_person_is_masked_or_hashed(taken: Any) -> None:
    body: Any = "x " + " ".join(PERSON.values())
    for part in reversed(_parts(taken.source)):
        body = {part: body}
    assert _nothing_of_the_person(run(json.dumps(body)))


@pytest.mark.parametrize(
    ("namespace", "line", "stream"),
    [
        ("vault", '{"type": "request", "request": {"path": "tenants/data/acme/x"}}', Stream.AUDIT),
        ("vault", "==> Vault server started", Stream.PLATFORM),
        ("automation", "n8n ready", Stream.APPLICATION),
        ("tenant-acme", "ready", Stream.APPLICATION),
        ("kube-system", "ready", Stream.PLATFORM),
    ],
)
def test_each_line_goes_to_its_stream(namespace: str, line: str, stream: Stream) -> None:
    assert run(line, namespace)["data_stream"] == dict(stream.address)


def test_vaults_audit_keeps_what_was_done_and_hides_from_where() -> None:
    line = {"type": "request", "auth": {"display_name": "kubernetes-tenant-acme-app"}, "request": {"operation": "read", "path": "p"}}
    line["request"] |= {"remote_address": PERSON["ip"]}  # type: ignore[operator]
    event = run(json.dumps(line), "vault")
    assert event["event"]["action"] == "read" and event["url"]["path"] == "p"
    assert _nothing_of_the_person(event) and "parsed" not in event


def test_addresses_of_nodes_and_pods_and_what_was_parsed_are_dropped() -> None:
    event = run('{"level": "info"}')
    assert event["host"] == {} and event["kubernetes"]["pod"] == {"name": "p"} and "parsed" not in event
    assert all(f"'{field}'" in TEXT for field in (*DROPPED, *HASHED, *MASKED))


def test_it_is_a_pipeline_that_logstash_can_read() -> None:
    plugins = check_pipeline(TEXT)
    assert plugins[0] == "beats" and plugins[1] == "json" and plugins[-1] == "elasticsearch"
    assert plugins.index("fingerprint") < len(plugins) - 3
    # Persons are hidden before anything goes out, and nothing is taken after that.
    assert plugins[-3:-1] == ["mutate", "mutate"]


@pytest.mark.parametrize(
    "text",
    [
        "filter { mutate { replace => { 'a' => 'b', 'c' => 'd' } } }",
        "filter { mutate { gsub => ['a', 'b', 'c',] } }",
        "filter { if [a] = 'b' { drop { } } }",
        "filter { mutate { add_tag => 'it's' } }",
        "filter { mutate { add_tag => 'x' }",
    ],
)
def test_a_text_that_is_no_pipeline_is_found(text: str) -> None:
    with pytest.raises(NoPipelineError):
        check_pipeline(text)


def test_lines_come_in_over_mutual_tls_and_go_out_over_tls() -> None:
    assert "ssl_client_authentication => 'required'" in TEXT and "ssl_supported_protocols => ['TLSv1.3']" in TEXT
    assert TEXT.count("ssl_enabled => true") == 2 and "data_stream => true" in TEXT


def test_a_string_that_would_end_early_is_refused() -> None:
    with pytest.raises(ValueError, match="neither an apostrophe nor a new line"):
        quoted("it's")
