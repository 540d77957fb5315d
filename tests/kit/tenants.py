"""Tenants for tests: nobody's, and written as files beside the shipped configuration."""

from pathlib import Path
from typing import Any

from tests.kit.plans import Documents, shipped, write


def a_tenant(name: str, **more: Any) -> dict[str, Any]:
    """A tenant's file, with what it must say."""
    return {"name": name, "market": "US", "tier": "starter", "sold": False, "licence": {"mode": "internal-automation"}, **more}


def with_tenants(root: Path, *tenants: dict[str, Any], documents: Documents | None = None, **files: dict[str, Any]) -> Path:
    """Write the shipped configuration, and these tenants in place of the shipped ones; `files` are written under names of their own."""
    named = {f"config/tenants/{each['name']}.yaml": each for each in tenants}
    return write({**(documents or shipped()), **named, **{f"config/tenants/{name}.yaml": each for name, each in files.items()}}, root)
