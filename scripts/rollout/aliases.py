"""One function's alias: the version in service, the one that waits, and the share of calls that it has."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

ALIAS = "live"


class MovedError(Exception):
    """Somebody else has moved the alias since it was read; says which and what to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A function whose newest version is not yet alone in service."""

    function: str
    old: str
    new: str
    percent: int
    """Of the calls that the new version has."""
    revision: str
    """Of the alias: a change of it by anybody else makes another."""


def candidate(functions: Any, function: str) -> Candidate | None:
    """Return what there is to take into service of `function`; None where the newest version already is, alone."""
    alias = functions.get_alias(FunctionName=function, Name=ALIAS)
    old, shares = alias["FunctionVersion"], (alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}
    new = newest(functions, function)
    percent = round(100 * shares.get(new, 0))
    if old == new and not shares:
        return None
    return Candidate(function=function, old=old, new=new, percent=percent, revision=alias["RevisionId"])


def newest(functions: Any, function: str) -> str:
    """Return the version of `function` that was published last."""
    return str(_versions(functions, function)[-1])


def _versions(functions: Any, function: str) -> list[int]:
    pages = functions.get_paginator("list_versions_by_function").paginate(FunctionName=function)
    return sorted(int(each["Version"]) for page in pages for each in page["Versions"] if each["Version"] != "$LATEST")


def share(functions: Any, moved: Candidate, percent: int) -> Candidate:
    """Give the new version `percent` of the calls, at 100 all of them, and return what is so now.

    Raises MovedError when the alias was changed since it was read.
    """
    if percent == 100:
        return _put(functions, replace(moved, percent=100), moved.new, {})
    return _put(functions, replace(moved, percent=percent), moved.old, {moved.new: percent / 100})


def take_back(functions: Any, moved: Candidate) -> None:
    """Give the old version all calls, whatever happened to the alias meanwhile: going back must never fail on a race."""
    functions.update_alias(
        FunctionName=moved.function, Name=ALIAS, FunctionVersion=moved.old, RoutingConfig={"AdditionalVersionWeights": {}}
    )


def go_back(functions: Any, function: str) -> str:
    """Give all calls to the version in service before, at once, and return it: the old one of a rollout under way, or the one before.

    A function that has no version before keeps the one it has.
    """
    found = candidate(functions, function)
    if found is None or not found.percent:
        current = functions.get_alias(FunctionName=function, Name=ALIAS)["FunctionVersion"]
        earlier = [each for each in _versions(functions, function) if each < int(current)]
        found = Candidate(function=function, old=str(earlier[-1]) if earlier else current, new=current, percent=100, revision="")
    take_back(functions, found)
    return found.old


def _put(functions: Any, wanted: Candidate, version: str, shares: dict[str, float]) -> Candidate:
    try:
        alias = functions.update_alias(
            FunctionName=wanted.function,
            Name=ALIAS,
            FunctionVersion=version,
            RoutingConfig={"AdditionalVersionWeights": shares},
            RevisionId=wanted.revision,
        )
    except functions.exceptions.PreconditionFailedException:
        message = f"the alias {ALIAS} of {wanted.function} was moved by somebody else: see who, then start the rollout again"
        raise MovedError(message) from None
    return replace(wanted, revision=alias["RevisionId"])
