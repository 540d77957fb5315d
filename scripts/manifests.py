"""`make manifests`: every object of a stack's cluster as YAML under build/manifests/<stack>/, for people and scanners.

From the stack's state where it is up, else from a preview: what only the deployment will know then reads `known-after-up`. Secret values
are masked, and charts come as the values that are given to them.
"""

from __future__ import annotations

import base64
import json
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from rich.console import Console

from sandbox.commands import preview
from sandbox.engine import stacks
from sandbox.engine.stack_files import stacks_with_files
from sandbox.paths import REPOSITORY, Home
from sandbox.provider.kubernetes.objects import DEFAULT_NAMESPACE, RELEASE

TARGET = Path("build", "manifests")
MASK = "masked"
UNKNOWN = "known-after-up"
_SIGNATURE = "4dabf18193072939515e22adb298388d"
_UNKNOWN_WIRE = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_HIDDEN = "[secret]"
"""What the engine prints in place of a secret."""
_PREFIX = "kubernetes:"

app = typer.Typer(add_completion=False, help=__doc__)


@app.command()
def main(
    stack: Annotated[str | None, typer.Option(help="that one only, such as eu-west-1")] = None,
    project: Annotated[Path, typer.Option(help="the folder of Pulumi.yaml")] = REPOSITORY,
) -> None:
    """Write the objects of every stack, or of one."""
    home = Home(project.resolve())
    known = stacks_with_files(home.project)
    if stack is not None and stack not in known:
        print(f"there is no Pulumi.{stack}.yaml; the stacks are {', '.join(known)}", file=sys.stderr)
        raise typer.Exit(2)
    for name in [stack] if stack else known:
        objects = list(of_state(home, name)) or list(of_preview(home, name))
        folder = home.project / TARGET / name
        write(folder, objects)
        print(f"{name}: {len(objects)} objects in {folder.relative_to(home.project)}")


def of_state(home: Home, stack: str) -> Iterator[dict[str, Any]]:
    """Return the objects of a stack that is up, as they were applied."""
    path = stacks.state_path(home, stack)
    if path.exists():
        latest = json.loads(path.read_text())["checkpoint"].get("latest") or {}
        yield from (made for item in latest.get("resources") or () if (made := manifest(item["type"], item.get("inputs") or {})))


def of_preview(home: Home, stack: str) -> Iterator[dict[str, Any]]:
    """Return the objects that the program declares. Raises typer.Exit when it cannot be previewed."""
    if code := preview(home.project, stack, Console(stderr=True)):
        raise typer.Exit(code)
    seen = set()
    for line in (home.logs / f"{stack}-preview.jsonl").read_text().splitlines():
        event = json.loads(line).get("resourcePreEvent") if line.startswith("{") else None
        new = ((event or {}).get("metadata") or {}).get("new") or {}
        if new.get("urn") not in seen and (made := manifest(str(new.get("type")), new.get("inputs") or {})):
            seen.add(new["urn"])
            yield made


def manifest(kind: str, inputs: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return one resource's inputs as a manifest, secrets masked; None for what is no object of a cluster."""
    if not kind.startswith(_PREFIX):
        return None
    plain: dict[str, Any] = _plain(inputs)
    if kind == RELEASE:
        metadata = {"name": plain.pop("name", UNKNOWN), "namespace": plain.pop("namespace", DEFAULT_NAMESPACE)}
        return {"apiVersion": "helm.sh/v3", "kind": "Release", "metadata": metadata, "spec": plain}
    if plain.get("kind") == "Secret":
        for group in ("data", "stringData"):
            content = plain.get(group)
            if content is not None:
                # A state hides the keys as well.
                plain[group] = {key: _masked(group) for key in (content if isinstance(content, dict) else (MASK,))}
    ordered = {name: plain.pop(name) for name in ("apiVersion", "kind", "metadata") if name in plain}
    return ordered | plain


def write(folder: Path, objects: list[dict[str, Any]]) -> None:
    """Write one file an object, in place of what an earlier run wrote."""
    shutil.rmtree(folder, ignore_errors=True)
    for item in objects:
        metadata = item.get("metadata") or {}
        path = (
            folder
            / _file(metadata.get("namespace") or "_cluster")
            / f"{item['kind'].lower()}-{_file(metadata.get('name') or UNKNOWN)}.yaml"
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        place = 1
        while path.exists():
            # Names that are not known yet, or kinds of the same name in two groups.
            place += 1
            path = path.with_stem(f"{path.stem.removesuffix(f'-{place - 1}')}-{place}")
        path.write_text(yaml.safe_dump(item, sort_keys=False, width=140, allow_unicode=True))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        if _SIGNATURE in value:
            return MASK
        return {_member(name): _plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if value == _HIDDEN:
        return MASK
    return UNKNOWN if value == _UNKNOWN_WIRE else value


def _member(name: str) -> str:
    return name.replace("_", "-") if name.startswith("x_kubernetes_") else name


def _masked(group: str) -> str:
    return base64.b64encode(MASK.encode()).decode() if group == "data" else MASK


def _file(name: Any) -> str:
    """A name as part of a path: RBAC allows colons."""
    return str(name).replace("/", "-").replace(":", "-")


if __name__ == "__main__":
    app()
