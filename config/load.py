"""Reads every config file, merges the layers and checks the result; nothing else in the program reads YAML.

Layers, later over earlier: what component args default to < `defaults` in config/estate.yaml < Pulumi.<stack>.yaml. For
the selected stack the engine's own view counts (`pulumi config set` may have changed it, and secrets are decrypted
there); the other stacks' files are read for the checks between regions.
"""

import json
from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from config import estate as estate_module
from config import integrations as integrations_module
from config import people as people_module
from config import scheduling_checks, tenancy
from config import software as software_module
from config import tenants as tenants_module
from config import transfers as transfers_module
from config.errors import ConfigError, Problem, nearest, problems_of, show, unknown_key
from config.estate import Estate, EstateFacts, stack_file
from config.integrations import Catalogue
from config.models import RegionPlan
from config.people import People
from config.software import SoftwareCatalogue, SoftwareItem, SoftwareLock
from config.support import Notice
from config.tenants import Tenant
from config.transfers import TransferRegister

ROOT = Path(__file__).resolve().parent.parent
PROJECT = "morefocus"
PROVIDER_KEYS = {"region": "aws:region", "account_id": "aws:allowedAccountIds"}
"""Facts of a plan that are set once, where the provider reads them too."""
_STACK_FILE_KEYS = {"config", "encryptionsalt", "encryptedkey", "secretsprovider", "environment"}

_M = TypeVar("_M", bound=BaseModel)
_Path = tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What one run of the program is told."""

    stack: str
    plan: RegionPlan
    estate: Estate
    catalogue: Catalogue
    """Every secret of the estate."""
    software: Mapping[str, SoftwareItem]
    """Every image and chart, by the program's name for it."""
    digests: Mapping[str, str]
    """What registries gave for each reference, or `unresolved`."""
    notices: tuple[Notice, ...]
    admitted: Mapping[str, tuple[str, ...]]
    """Everyone who has access today, with their groups."""
    tenants: tuple[Tenant, ...] = ()
    """This stack's tenants, by name."""

    @property
    def domain(self) -> str:
        """The domain of this stack's environment: the estate's, or `staging.` before it."""
        return self.estate.domain_of(self.stack)


@dataclass
class _Layers:
    """Values merged so far, with the file each came from."""

    values: dict[Any, Any] = field(default_factory=dict)
    origin: dict[_Path, str] = field(default_factory=dict)

    def add(self, values: Mapping[Any, Any], file: str, path: _Path = ()) -> None:
        """Lay `values` over what is there; mappings merge key by key, everything else replaces."""
        target = self.values
        for part in path:
            target = target[part]
        for key, value in values.items():
            here = (*path, key)
            self.origin[here] = file
            if isinstance(value, Mapping):
                if not isinstance(target.get(key), dict):
                    target[key] = {}
                self.add(value, file, here)
            else:
                target[key] = value


def load(
    stack: str,
    given: Mapping[str, str] | None = None,
    *,
    secret_keys: Collection[str] = (),
    root: Path = ROOT,
    today: date | None = None,
) -> Settings:
    """Return the checked settings of `stack`.

    `given` is the selected stack's config as the engine passes it (`namespace:key` to text, objects as JSON), with the
    values of `secret_keys` decrypted; without it the stack's file is read as the others are.

    Raises ConfigError with every mistake found.
    """
    now = today or datetime.now(UTC).date()
    problems: list[Problem] = []
    facts, defaults = _read_estate(root, problems)
    register = _read_model(root / transfers_module.FILE, transfers_module.FILE, TransferRegister, problems)
    catalogue = _read_model(root / integrations_module.FILE, integrations_module.FILE, Catalogue, problems)
    people = _read_model(root / people_module.FILE, people_module.FILE, People, problems)
    software = _read_model(root / software_module.FILE, software_module.FILE, SoftwareCatalogue, problems)
    lock = _read_model(root / software_module.LOCK, software_module.LOCK, SoftwareLock, problems)
    tenants = _read_tenants(root, problems)
    plans: dict[str, RegionPlan] = {}
    for name in sorted({*_stacks_on_disk(root), *([stack] if given else [])}):
        raw = _decode(given) if given is not None and name == stack else _read_stack(root, name, problems)
        plan = None if raw is None else _plan(name, raw, defaults, problems)
        if plan is not None:
            plans[name] = plan
    if stack not in plans and not problems:
        known = ", ".join(sorted(plans))
        problems.append(
            Problem(stack_file(stack), "config", "no such file", f"a stack with a file: {known}", "select one of these, or write the file")
        )
    if problems or not (facts and register and catalogue and people and software and lock):
        raise ConfigError(_hidden(problem, stack, secret_keys) for problem in problems)
    estate = Estate(facts=facts, plans=plans, register=register, people=people)
    files = {name: stack_file(name) for name in plans}
    found = [
        *estate.problems(now),
        *tenancy.problems(tenants, plans, facts.tenancy),
        *scheduling_checks.problems(plans, files, catalogue),
    ]
    if found:
        raise ConfigError(_hidden(problem, stack, secret_keys) for problem in found)
    return Settings(
        stack=stack,
        plan=plans[stack],
        estate=estate,
        catalogue=catalogue,
        software=software.software,
        digests=lock.digests,
        notices=(*estate.notices(stack, now), *tenancy.notices(stack, tenants.values(), plans, facts.tenancy)),
        admitted=people.admitted(now),
        tenants=tenancy.of_stack(stack, plans, tenants.values()),
    )


def _hidden(problem: Problem, stack: str, secret_keys: Collection[str]) -> Problem:
    """Keep the value of a secret out of what is told about it."""
    secret = any(problem.key == key or problem.key.startswith((f"{key}.", f"{key}[")) for key in secret_keys)
    return replace(problem, given="[secret]") if secret and problem.file == stack_file(stack) else problem


def _stacks_on_disk(root: Path) -> list[str]:
    return [path.name.removeprefix("Pulumi.").removesuffix(".yaml") for path in root.glob("Pulumi.*.yaml")]


def _read_estate(root: Path, problems: list[Problem]) -> tuple[EstateFacts | None, dict[Any, Any]]:
    document = _read_yaml(root / estate_module.FILE, estate_module.FILE, problems)
    if document is None:
        return None, {}
    defaults = document.pop("defaults", {})
    if not isinstance(defaults, dict):
        problems.append(Problem(estate_module.FILE, "defaults", show(defaults), "keys of a region's plan", "write a mapping"))
        defaults = {}
    return _validated(EstateFacts, document, estate_module.FILE, problems), defaults


def _read_model(path: Path, file: str, model: type[_M], problems: list[Problem]) -> _M | None:
    document = _read_yaml(path, file, problems)
    return None if document is None else _validated(model, document, file, problems)


def _read_tenants(root: Path, problems: list[Problem]) -> dict[str, Tenant]:
    """Return each tenant by the file it was read from."""
    found = {}
    for path in sorted((root / tenants_module.FOLDER).glob("*.yaml")):
        file = f"{tenants_module.FOLDER}/{path.name}"
        if (tenant := _read_model(path, file, Tenant, problems)) is not None:
            found[file] = tenant
    return found


def _validated(model: type[_M], values: Mapping[Any, Any], file: str, problems: list[Problem]) -> _M | None:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        problems.extend(problems_of(error, model, {}, file, ""))
        return None


def _read_stack(root: Path, stack: str, problems: list[Problem]) -> dict[str, Any] | None:
    """Return the `config` of a stack file, with every key in full (`network` is `morefocus:network`); None if unreadable."""
    file = stack_file(stack)
    document = _read_yaml(root / file, file, problems)
    if document is None:
        return None
    stray = sorted(str(key) for key in set(document) - _STACK_FILE_KEYS)
    if stray:
        problems.extend(unknown_key(file, key, key, _STACK_FILE_KEYS, show(document.get(key))) for key in stray)
        return None
    config = document.get("config")
    if not isinstance(config, dict):
        problems.append(Problem(file, "config", show(config), "keys such as morefocus:network", "write a mapping"))
        return None
    full = {str(key) if ":" in str(key) else f"{PROJECT}:{key}": value for key, value in config.items()}
    closed = [key for key, value in full.items() if key.startswith(f"{PROJECT}:") and _is_encrypted(value)]
    problems.extend(
        Problem(file, key, "an encrypted value", "plain text, which the other stacks are checked against", _REVEAL) for key in closed
    )
    return None if closed else full


_REVEAL = "set it again with --plaintext"


def _is_encrypted(value: Any) -> bool:
    """Return whether a value of a stack file is, or holds, what `pulumi config set --secret` wrote: a mapping of `secure` alone to text."""
    if isinstance(value, dict):
        return (set(value) == {"secure"} and isinstance(value["secure"], str)) or any(_is_encrypted(inner) for inner in value.values())
    return isinstance(value, list) and any(_is_encrypted(inner) for inner in value)


def _decode(given: Mapping[str, str]) -> dict[str, Any]:
    """Return the engine's flat view as a file would hold it: objects and lists parsed, all else text."""
    return {key: _parsed(value) for key, value in given.items()}


def _parsed(value: str) -> Any:
    if not value.lstrip().startswith(("{", "[")):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _plan(stack: str, raw: Mapping[str, Any], defaults: Mapping[Any, Any], problems: list[Problem]) -> RegionPlan | None:
    file = stack_file(stack)
    before = len(problems)
    own = _own_keys(file, raw, problems)
    layers = _Layers()
    layers.add(defaults, estate_module.FILE)
    layers.add(own, file)
    plan: RegionPlan | None = None
    try:
        plan = RegionPlan.model_validate(layers.values)
    except ValidationError as error:
        problems.extend(_named(problem) for problem in problems_of(error, RegionPlan, layers.origin, file, f"{PROJECT}:"))
    return plan if len(problems) == before else None


def _own_keys(file: str, raw: Mapping[str, Any], problems: list[Problem]) -> dict[str, Any]:
    """Return the project's keys without their namespace, with region and account taken from the provider's own keys."""
    own: dict[str, Any] = {}
    known = [name for name in RegionPlan.model_fields if name not in PROVIDER_KEYS]
    for key, value in raw.items():
        namespace, _, name = key.partition(":")
        if namespace != PROJECT:
            continue
        if name in known:
            own[name] = value
        else:
            problems.append(_misnamed(file, key, name, known, value))
    if "aws:region" in raw:
        own["region"] = raw["aws:region"]
    accounts = raw.get("aws:allowedAccountIds")
    if isinstance(accounts, list) and len(accounts) == 1:
        own["account_id"] = accounts[0]
    elif accounts is not None:
        problems.append(
            Problem(
                file, "aws:allowedAccountIds", show(accounts), "a list with the one account of this stack", "name one account id in quotes"
            )
        )
    return own


def _misnamed(file: str, key: str, name: str, known: list[str], value: Any) -> Problem:
    if name in PROVIDER_KEYS:
        return Problem(file, key, show(value), f"{PROVIDER_KEYS[name]}, from where the program takes it", f"set {PROVIDER_KEYS[name]}")
    if name in EstateFacts.model_fields:
        return Problem(file, key, show(value), "a fact of the whole estate", f"set it in {estate_module.FILE}")
    if "." in name and nearest(name.split(".", maxsplit=1)[0], known):
        return Problem(file, key, show(value), "keys without dots", f"pulumi config set --path '{PROJECT}:{name}' ...")
    return unknown_key(file, key, name, known, show(value))


def _named(problem: Problem) -> Problem:
    """Call region and account what the stack file calls them, and drop the stack prefix of keys from the shared file."""
    key = problem.key
    for name, shown in PROVIDER_KEYS.items():
        if key == f"{PROJECT}:{name}":
            key = shown
    if problem.file == estate_module.FILE:
        key = f"defaults.{key.removeprefix(f'{PROJECT}:')}"
    return Problem(problem.file, key, problem.given, problem.allowed, problem.remedy)


class _StrictLoader(yaml.CSafeLoader):
    """YAML in which a key written twice is an error, where YAML itself would keep the last in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, Hashable):
                raise yaml.constructor.ConstructorError(None, None, "a key is not text", key_node.start_mark)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} is written twice", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


def _read_yaml(path: Path, file: str, problems: list[Problem]) -> dict[Any, Any] | None:
    """Return a file's mapping; None when the file is missing or broken, which is then among the problems."""
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=_StrictLoader)  # noqa: S506 - a safe loader
    except FileNotFoundError:
        problems.append(Problem(file, "the file", "missing", "a YAML file", "write it, or restore it from version control"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark is not None else "the file"
        said = getattr(error, "problem", None) or str(error)
        problems.append(Problem(file, where, said, "YAML with each key once", "correct the line"))
    else:
        if isinstance(document, dict):
            return document
        problems.append(Problem(file, "the file", show(document), "a mapping of keys", "write keys and values"))
    return None
