"""What Logstash does with each line of a log, from typed steps: take the fields that are known, hide persons, and say where it goes.

A field that nobody listed is not kept, so that none can carry a person past the masks (COM-2).
Source: https://www.elastic.co/docs/reference/logstash/configuration-file-structure
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from components.platform.logs.patterns import PATTERNS, Pattern
from components.platform.logs.streams import Stream

PARSED = "[parsed]"
"""Where the fields of a line that is JSON lie until the known ones are taken; whatever is left there is dropped."""
KEY_VARIABLE = "ANONYMISATION_KEY"
PORT = 5044
CERTIFICATES = "/usr/share/logstash/certificates"


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """A field of a JSON line that is kept, and under which name of the Elastic Common Schema."""

    source: str
    target: str


TAKEN = (
    Taken(source="[level]", target="[log][level]"),
    Taken(source="[logger]", target="[log][logger]"),
    Taken(source="[message]", target="[message]"),
    Taken(source="[msg]", target="[message]"),
    Taken(source="[error][message]", target="[error][message]"),
    Taken(source="[stack]", target="[error][stack_trace]"),
    Taken(source="[trace_id]", target="[trace][id]"),
    Taken(source="[span_id]", target="[span][id]"),
    Taken(source="[workflowId]", target="[labels][workflow_id]"),
    Taken(source="[executionId]", target="[labels][execution_id]"),
    Taken(source="[method]", target="[http][request][method]"),
    Taken(source="[path]", target="[url][path]"),
    Taken(source="[request][operation]", target="[event][action]"),
    Taken(source="[request][path]", target="[url][path]"),
    Taken(source="[auth][display_name]", target="[user][name]"),
    Taken(source="[request][remote_address]", target="[client][ip]"),
    Taken(source="[clientIp]", target="[client][ip]"),
    Taken(source="[ip]", target="[client][ip]"),
    Taken(source="[email]", target="[user][email]"),
    Taken(source="[phone]", target="[labels][phone]"),
    Taken(source="[userId]", target="[user][id]"),
)
"""Fields of n8n, of the mesh's proxies, of Vault's audit log and of functions; two of one target: the later one wins."""
HASHED = ("[client][ip]", "[user][email]", "[user][name]", "[user][id]", "[labels][phone]")
"""Personal fields that are worth comparing: the same person has the same pseudonym until the key is renewed."""
MASKED = tuple(dict.fromkeys(each.target for each in TAKEN if each.target not in HASHED))
"""All else that is taken: whatever its name says, a person may be in it."""
DROPPED = (PARSED, "[event][original]", "[host][ip]", "[host][mac]", "[kubernetes][pod][ip]", "[agent][ephemeral_id]")


def quoted(text: str) -> str:
    """Return a text as a string of a pipeline. Raises ValueError when it cannot be one."""
    if "'" in text or "\n" in text:
        raise ValueError(f"a string of a pipeline holds neither an apostrophe nor a new line (got {text!r})")
    return f"'{text}'"


def parse() -> str:
    """Lines that are JSON become fields; a line that is none stays as it is."""
    return f"json {{ source => 'message' target => {quoted(PARSED)} skip_on_invalid_json => true }}"


def take(fields: Sequence[Taken] = TAKEN) -> list[str]:
    """Return a step for each known field, that takes it where it is a text: in an object the masks would see nothing.

    A condition with an expression holds for texts alone.
    """
    return [
        f"if {PARSED}{each.source} =~ /./ {{ mutate {{ copy => {{ {quoted(PARSED + each.source)} => {quoted(each.target)} }} }} }}"
        for each in fields
    ]


def mask(fields: Sequence[str] = MASKED, patterns: Sequence[Pattern] = PATTERNS) -> str:
    """Return the step that replaces every pattern in texts, one after the other in their order."""
    rules = [f"    {quoted(field)}, {quoted(pattern.expression)}, {quoted(pattern.mask)}" for field in fields for pattern in patterns]
    return "mutate { gsub => [\n" + ",\n".join(rules) + "\n  ] }"


def pseudonyms(fields: Sequence[str] = HASHED) -> list[str]:
    """Return a step for each personal field: its keyed hash (HMAC) stands in its place."""
    return [
        f"if {field} {{ fingerprint {{ source => {quoted(field)} target => {quoted(field)} method => 'SHA256' "
        f"key => '${{{KEY_VARIABLE}}}' }} }}"
        for field in fields
    ]


def drop(fields: Sequence[str] = DROPPED) -> str:
    """Return the step after which nothing is left that nobody listed."""
    return f"mutate {{ remove_field => [{', '.join(map(quoted, fields))}] }}"


def route(streams: Mapping[Stream, str]) -> list[str]:
    """Return where a line goes: `streams` to the condition that chooses it, the first that holds; the last has none."""
    steps: list[str] = []
    for number, (stream, condition) in enumerate(streams.items()):
        head = "else" if not condition else f"{'if' if number == 0 else 'else if'} {condition}"
        # Entries of a hash are parted by white space: a comma there is no pipeline at all.
        fields = " ".join(f"{quoted(f'[data_stream][{key}]')} => {quoted(value)}" for key, value in stream.address.items())
        steps.append(f"{head} {{ mutate {{ replace => {{ {fields} }} }} }}")
    return steps


ROUTES: Mapping[Stream, str] = {
    Stream.AUDIT: f"[kubernetes][namespace] == 'vault' and {PARSED}[type] in ['request', 'response']",
    Stream.APPLICATION: "[kubernetes][namespace] == 'automation' or [kubernetes][namespace] =~ /^tenant-/",
    Stream.PLATFORM: "",
}


def pipeline(routes: Mapping[Stream, str] = ROUTES) -> str:
    """Return the whole pipeline: over mutual TLS in, without persons out."""
    steps = [parse(), *route(routes), *take(), *pseudonyms(), mask(), drop()]
    body = "\n".join(f"  {step}" for step in steps)
    return f"input {{\n{_input()}\n}}\nfilter {{\n{body}\n}}\noutput {{\n{_output()}\n}}\n"


def _input() -> str:
    return f"""  beats {{
    port => {PORT}
    ssl_enabled => true
    ssl_certificate => '{CERTIFICATES}/tls.crt'
    ssl_key => '{CERTIFICATES}/tls.key'
    ssl_certificate_authorities => ['{CERTIFICATES}/ca.crt']
    ssl_client_authentication => 'required'
    ssl_supported_protocols => ['TLSv1.3']
  }}"""


def _output() -> str:
    """The operator gives address, user and authority by variables that begin with the cluster's name."""
    return """  elasticsearch {
    hosts => ['${LOGS_ES_HOSTS}']
    user => '${LOGS_ES_USER}'
    password => '${LOGS_ES_PASSWORD}'
    ssl_enabled => true
    ssl_certificate_authorities => '${LOGS_ES_SSL_CERTIFICATE_AUTHORITY}'
    data_stream => true
  }"""
