"""ENC-10: keys rotate, cannot vanish in a hurry, serve one class of data, and obey nobody in general."""

from collections.abc import Iterable, Mapping
from typing import Any

from config.vocabulary import DataClass, TagKey
from policies.control import Control, Need, Severity, clauses, need, ruled
from policies.graph import Graph
from policies.scope import KEY, principals, statements
from policies.values import ABSENT, UNKNOWN, Answer, all_of, any_of, asks, is_yes, look, texts
from policies.verdict import Ruling

KEY_POLICY = "aws:kms/keyPolicy:KeyPolicy"
_DAYS = 30
_CLASS = f"tags.{TagKey.DATA_CLASS}"


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge each key, and each policy that is a resource by itself. Only symmetric keys for encryption can rotate by themselves."""
    for key in graph.of(KEY):
        rotates = any_of([asks(key.properties, "enableKeyRotation", is_yes, absent=False), _cannot_rotate(key.properties)])
        yield ruled(
            key,
            Need("enableKeyRotation", rotates, "true"),
            need(key, "deletionWindowInDays", lambda days: days == _DAYS, str(_DAYS), absent=True),
            need(key, _CLASS, lambda name: name in set(DataClass), f"one of {', '.join(DataClass)}"),
            Need("policy", _names_someone(key.look("policy")), "statements that name their principals, or narrow * by a condition"),
        )
    for policy in graph.of(KEY_POLICY):
        yield ruled(policy, Need("policy", _names_someone(policy.look("policy")), "statements that name their principals"))


def remedy(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """Switch rotation on, and give a deletion its thirty days."""
    changes: dict[str, Any] = {}
    if not is_yes(inputs.get("enableKeyRotation")) and _cannot_rotate(inputs) is False:
        changes["enableKeyRotation"] = True
    if inputs.get("deletionWindowInDays", _DAYS) != _DAYS:
        changes["deletionWindowInDays"] = _DAYS
    return changes


def _cannot_rotate(properties: Mapping[str, Any]) -> Answer:
    kinds = (("customerMasterKeySpec", "SYMMETRIC_DEFAULT"), ("keySpec", "SYMMETRIC_DEFAULT"), ("keyUsage", "ENCRYPT_DECRYPT"))
    return any_of([asks(properties, path, lambda kind, usual=usual: kind != usual, absent=False) for path, usual in kinds])  # type: ignore[misc]


def _names_someone(policy: Any) -> Answer:
    if policy is ABSENT:
        return True
    return all_of([_is_narrow(statement) for statement in statements(policy)])


def _is_narrow(statement: Any) -> Answer:
    if statement is UNKNOWN:
        return None
    if look(statement, "Effect") != "Allow":
        return True
    whom = principals(statement)
    if "*" in texts(whom):
        return look(statement, "Condition") is not ABSENT
    return None if UNKNOWN in whom else True


CONTROL = Control(
    id="ENC-10",
    title="Keys rotate, wait 30 days before they are deleted, serve one data class, and name who may use them",
    severity=Severity.HIGH,
    why="A key that is lost takes its data along, and one that everybody may use protects nothing.",
    fix="set enable_key_rotation=True, deletion_window_in_days=30 and the tag data-class on kms.Key; name principals in its policy",
    clauses=clauses(gdpr="25 30", lgpd="46", soc2="PI1.5", iso27001="8.24", pci="3.6.1.3 3.7.4 3.7.5"),
    governs=(KEY, KEY_POLICY),
    check=check,
    remedies={KEY: remedy},
)
