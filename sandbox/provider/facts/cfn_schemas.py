"""The CloudFormation schemas that cfn-lint ships: which types a region has, what each type's properties may be."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from sandbox.provider.facts.problem import did_you_mean

REFERENCE_REGION: Final = "us-east-1"
"""The region whose schemas answer for what is the same everywhere: it has every type."""


class UnknownRegionError(LookupError):
    """A region that cfn-lint ships no schemas for; the message names the nearest ones."""


def version() -> str:
    """The version of the installed cfn-lint, which dates its data."""
    return importlib.metadata.version("cfn-lint")


@cache
def folder() -> Path:
    """Where the schemas lie; LookupError when cfn-lint is not installed."""
    # Importing cfnlint takes most of a second; finding it takes none.
    spec = importlib.util.find_spec("cfnlint")
    if spec is None or spec.origin is None:
        raise LookupError("cfn-lint is not installed: install the locked requirements")
    return Path(spec.origin).parent / "data" / "schemas"


@cache
def regions() -> frozenset[str]:
    """The regions whose schemas are shipped."""
    return frozenset(path.stem for path in (folder() / "providers").glob("*-*.json"))


@cache
def types(region: str) -> dict[str, str]:
    """Every type of a region with the name of its schema; UnknownRegionError for a region that is not shipped."""
    if region not in regions():
        raise UnknownRegionError(
            f"cfn-lint {version()} ships no CloudFormation schemas for region {region!r}; {did_you_mean(region, sorted(regions()))}"
        )
    found: dict[str, str] = json.loads((folder() / "providers" / f"{region}.json").read_bytes())
    return found


@lru_cache(maxsize=4)
def schema(name: str) -> dict[str, Any]:
    """The schema of that name (see `types`): JSON Schema with CloudFormation's additions."""
    found: dict[str, Any] = json.loads((folder() / "resources" / f"{name}.json").read_bytes())
    return found


def extension(path: str, region: str) -> tuple[dict[str, Any] | None, bool]:
    """Further rules, such as `aws_rds_dbinstance/engine_version`, and whether they differ by region.

    None for a region that regional rules say nothing of.
    """
    found: dict[str, Any] = json.loads((folder() / "extensions" / f"{path}.json").read_bytes())
    if REFERENCE_REGION in found:
        return found.get(region), True
    return found, False
