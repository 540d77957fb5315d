"""Questions that several controls ask: which key, which environment, what a policy document refuses."""

from collections.abc import Iterable, Mapping
from typing import Any

from config.vocabulary import Environment, TagKey
from policies.control import Need
from policies.graph import Graph, Resource
from policies.values import ABSENT, UNKNOWN, Answer, all_of, any_of, document, each, look, texts

KEY = "aws:kms/key:Key"
REPLICA_KEY = "aws:kms/replicaKey:ReplicaKey"
KEY_ALIAS = "aws:kms/alias:Alias"
_OWN_KEY = "a customer managed KMS key"


def is_staging(resource: Resource) -> bool:
    """Tell whether a resource is tagged as staging; what says nothing is taken for production."""
    return bool(resource.look(f"tags.{TagKey.ENVIRONMENT}") == Environment.STAGING)


def own_key(graph: Graph, resource: Resource, path: str) -> Need:
    """Ask for a key of our own: one that the graph makes, known yet or not, or an ARN or id that is no alias of AWS's own keys."""
    value = resource.look(path)
    if graph.target(resource, path, KEY, REPLICA_KEY, KEY_ALIAS).resources:
        return Need(path, True, _OWN_KEY)
    if value is UNKNOWN:
        return Need(path, None, _OWN_KEY)
    return Need(path, isinstance(value, str) and value != "" and "alias/aws/" not in value, _OWN_KEY)


def statements(policy: Any) -> list[Any]:
    """Return the statements of a policy document in any of its forms; [UNKNOWN] for one that is not known yet."""
    parsed = document(policy)
    return [UNKNOWN] if parsed is UNKNOWN else each(parsed, "Statement") if parsed is not ABSENT else []


def listed(statement: Any, field: str) -> list[Any]:
    """Return what a statement names under Action, Resource or the like, as a list."""
    return each(statement, field)


def principals(statement: Any) -> list[Any]:
    """Return whom a statement is about, of every kind."""
    found = look(statement, "Principal")
    if isinstance(found, Mapping):
        return [one for kind in found for one in each(found, kind)]
    return [] if found is ABSENT else [found]


def refuses(statement: Any, operator: str, key: str, value: str) -> Answer:
    """Tell whether a statement denies everyone every action where a condition holds, and that condition alone."""
    if statement is UNKNOWN:
        return None
    if look(statement, "Effect") != "Deny" or "*" not in texts(principals(statement)):
        return False
    conditions = look(statement, "Condition")
    if conditions is UNKNOWN:
        return None
    if not isinstance(conditions, Mapping) or set(conditions) != {operator} or set(conditions[operator]) != {key}:
        return False
    return all_of([None if one is UNKNOWN else str(one).lower() == value for one in each(conditions[operator], key)])


def refuses_plaintext(policies: Iterable[Any], *, actions: tuple[str, ...]) -> Answer:
    """Tell whether one of these documents denies every request without TLS; `actions` are the spellings of all that can be done."""
    return _any_statement(policies, "Bool", "aws:SecureTransport", "false", actions)


def refuses_old_tls(policies: Iterable[Any], *, actions: tuple[str, ...]) -> Answer:
    """Tell whether one of these documents denies TLS before 1.2, which only S3 can tell apart."""
    return _any_statement(policies, "NumericLessThan", "s3:TlsVersion", "1.2", actions)


def _any_statement(policies: Iterable[Any], operator: str, key: str, value: str, actions: tuple[str, ...]) -> Answer:
    return any_of(
        [
            all_of(
                [
                    refuses(statement, operator, key, value),
                    statement is UNKNOWN or any(one in actions for one in listed(statement, "Action")),
                ]
            )
            for policy in policies
            for statement in statements(policy)
        ]
    )
