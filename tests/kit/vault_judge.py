"""Judges Vault's policies by what they let happen: which capabilities a token has on a path.

Of all paths of its policies the most specific one that matches decides alone; the same path in several policies adds up, and `deny` wins.
Source: https://developer.hashicorp.com/vault/docs/concepts/policies#policy-syntax
"""

import json
import re
from collections.abc import Sequence


def capabilities(policies: Sequence[str], path: str) -> frozenset[str]:
    """Return what may be done on a path by a token with all these policies (JSON); nothing where none of them names it."""
    granted: dict[str, set[str]] = {}
    for policy in policies:
        for pattern, rule in json.loads(policy)["path"].items():
            granted.setdefault(pattern, set()).update(rule["capabilities"])
    matching = [pattern for pattern in granted if _matches(pattern, path)]
    if not matching:
        return frozenset()
    found = granted[max(matching, key=_specificity)]
    return frozenset() if "deny" in found else frozenset(found)


def _matches(pattern: str, path: str) -> bool:
    body, star = (pattern[:-1], ".*") if pattern.endswith("*") else (pattern, "")
    written = "/".join("[^/]+" if segment == "+" else re.escape(segment) for segment in body.split("/"))
    return re.fullmatch(written + star, path) is not None


def _specificity(pattern: str) -> tuple[int, bool, int, int, str]:
    wildcards = [place for place in (pattern.find("+"), pattern.find("*")) if place >= 0]
    first = min(wildcards, default=len(pattern) + 10_000)
    return (first, not pattern.endswith("*"), -pattern.split("/").count("+"), len(pattern), pattern)
