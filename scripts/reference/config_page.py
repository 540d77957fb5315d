"""docs/reference/config.md: every key of a stack's file and of config/*.yaml, from the models that check them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel

from config import account_limits, estate, integrations, people, replication, software, tenancy, tenants, transfers
from config.estate import EstateFacts
from config.integrations import Catalogue
from config.load import PROJECT, PROVIDER_KEYS
from config.models import RegionPlan
from config.people import People
from config.software import SoftwareCatalogue, SoftwareLock
from config.support import TABLE
from config.tenants import Tenant
from config.transfers import TransferRegister
from scripts.cost import prices
from scripts.cost.usage import Usage
from scripts.reference.config_keys import Key, keys_of, long_enumerations
from scripts.reference.config_rules import Rule, rules_of
from scripts.reference.table import code, table

_INTRODUCTION = """\
# Configuration

What may stand in a stack's file `Pulumi.<stack>.yaml` and in `config/*.yaml`. A key that is not here is an error, which names the nearest
key that is. Of two layers the later counts: `defaults` in `config/estate.yaml`, then the stack's own file; mappings are merged key by key,
lists are replaced. Change a stack's file by hand, or with `pulumi config set --path 'morefocus:database.replicas' 1`."""

_LISTED = {"aws:allowedAccountIds": "list of one text"}
"""Where the provider wants a list and the plan holds its one element."""


@dataclass(frozen=True)
class _Document:
    """A file of config/ and the model it is checked by."""

    file: str
    model: type[BaseModel]


DOCUMENTS = (
    _Document("config/cost_usage.yaml", Usage),
    _Document(estate.FILE, EstateFacts),
    _Document(integrations.FILE, Catalogue),
    _Document(people.FILE, People),
    _Document("config/prices/<region>.yaml", prices.Table),
    _Document(software.FILE, SoftwareCatalogue),
    _Document(software.LOCK, SoftwareLock),
    _Document(f"{tenants.FOLDER}/<name>.yaml", Tenant),
    _Document(transfers.FILE, TransferRegister),
)


def render(root: Path) -> str:
    """Return the page; defaults and the stacks' own values are those of the files under `root`."""
    defaults: Mapping[str, Any] = yaml.safe_load((root / estate.FILE).read_text(encoding="utf-8"))["defaults"]
    lines = [_INTRODUCTION, "", "## A stack's file", "", *_plan(defaults)]
    for document in DOCUMENTS:
        lines += ["", f"## {document.file}", "", *_document(document)]
        if document.file == estate.FILE:
            lines += ["", f"`defaults` may hold any key of the table above without `{PROJECT}:`, for the stacks that leave it out."]
    lines += ["", "## What is checked between files", "", "Between stacks, and between them and the transfer register:"]
    lines += [
        "",
        *_rules(
            rules_of(estate.Estate) + rules_of(replication) + rules_of(tenancy) + rules_of(account_limits) + rules_of(TransferRegister)
        ),
    ]
    lines += ["", "## Versions", "", *_versions()]
    models: list[type[BaseModel]] = [RegionPlan, *(document.model for document in DOCUMENTS)]
    for each in sorted({found for model in models for found in long_enumerations(model)}, key=lambda found: found.__name__):
        lines += ["", f"## {each.__name__}", "", ", ".join(each)]
    lines += ["", "## As shipped", "", "In brackets: what the stack takes from `defaults`.", "", *_shipped(root, defaults)]
    return "\n".join(lines) + "\n"


def _plan(defaults: Mapping[str, Any]) -> list[str]:
    rules = rules_of(RegionPlan)
    rows = []
    for key in keys_of(RegionPlan):
        name = PROVIDER_KEYS.get(key.path, f"{PROJECT}:{key.path}")
        allowed = [key.allowed, *(rule.allowed for rule in rules if rule.key == key.path)]
        rows.append([code(name), _LISTED.get(name, key.type), "; ".join(filter(None, allowed)), _default(key, defaults), key.meaning])
    known = {key.path for key in keys_of(RegionPlan)}
    rest = [Rule(f"{PROJECT}:{rule.key}", rule.allowed) for rule in rules if rule.key not in known]
    return [*table(["key", "type", "allowed", "default", "meaning"], rows), "", "Within a mapping:", "", *_rules(rest)]


def _default(key: Key, defaults: Mapping[str, Any]) -> str:
    value = _at(defaults, key.path)
    if value is not None:
        return f"{code(_written(value))} from {estate.FILE}"
    return "required" if key.required else "absent" if key.default is None else f"{code(_written(key.default))} from the model"


def _document(document: _Document) -> list[str]:
    rows = [
        [code(key.path), key.type, key.allowed, "required" if key.required else code(_written(key.default)) or "absent", key.meaning]
        for key in keys_of(document.model)
    ]
    return table(["key", "type", "allowed", "default", "meaning"], rows)


def _rules(rules: list[Rule]) -> list[str]:
    return table(["key", "allowed"], [[code(rule.key), rule.allowed] for rule in rules])


def _versions() -> list[str]:
    rows = [[row.product, row.version, str(row.ends or "unresolved"), row.source] for row in TABLE]
    return table(["product", "version", "standard support ends", "source"], rows)


def _shipped(root: Path, defaults: Mapping[str, Any]) -> list[str]:
    files = {path.name.removeprefix("Pulumi.").removesuffix(".yaml"): path for path in sorted(root.glob("Pulumi.*.yaml"))}
    own = {stack: dict(_own(yaml.safe_load(path.read_text(encoding="utf-8"))["config"])) for stack, path in files.items()}
    keys = _lists_whole(keys_of(RegionPlan))
    rows = [[code(PROVIDER_KEYS.get(key.path, key.path)), *(_value(own[stack], defaults, key) for stack in own)] for key in keys]
    return table(["key", *own], rows)


def _lists_whole(keys: Iterable[Key]) -> list[Key]:
    """Return keys with one for each list, in place of those within its rows."""
    whole: dict[str, Key] = {}
    for key in keys:
        path, _, inside = key.path.partition("[].")
        whole.setdefault(path, replace(key, path=path, default=()) if inside else key)
    return list(whole.values())


def _own(config: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Return a stack's own values under the names of the plan."""
    names = {shown: name for name, shown in PROVIDER_KEYS.items()}
    for key, value in config.items():
        if key in names:
            yield names[key], value
        elif key.startswith(f"{PROJECT}:"):
            yield key.removeprefix(f"{PROJECT}:"), value


def _value(own: Mapping[str, Any], defaults: Mapping[str, Any], key: Key) -> str:
    given = _at(own, key.path)
    if given is not None:
        return _written(given)
    shared = _at(defaults, key.path)
    return f"({_written(shared if shared is not None else key.default) or 'absent'})"


def _at(values: Mapping[str, Any], path: str) -> Any:
    """Return what stands at a dotted path, or None."""
    value: Any = values
    for part in path.split("."):
        if not isinstance(value, Mapping) or part not in value:
            return None
        value = value[part]
    return value


def _written(value: Any) -> str:
    """Return a value as YAML writes it on one line."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return f"[{', '.join(_written(each) for each in value)}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {_written(each)}' for key, each in value.items())}}}"
    return str(value)
