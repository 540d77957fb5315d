"""Reads the generated Python of the installed pulumi_aws SDK without importing it.

Importing a service package of pulumi_aws takes a second; parsing the few classes one resource needs takes milliseconds.
The result is JSON data, so that it can be kept on disk:

    {"inputs": FIELDS, "outputs": FIELDS, "types": {CLASS: FIELDS}, "secrets": [NAME], "deprecated": TEXT|None}
    FIELDS = {WIRE_NAME: [REQUIRED, SHAPE, DEPRECATION|None]}
    SHAPE  = "string" | "integer" | ... | ["array", SHAPE] | ["map", SHAPE] | ["object", CLASS] | ["union", SHAPE, ...]
"""

from __future__ import annotations

import ast
import importlib.util
import json
import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

Fields = dict[str, list[Any]]
Shape = str | list[Any]

_SCALARS = {"str": "string", "int": "integer", "float": "number", "bool": "boolean", "Any": "any"}
_CLASS = re.compile(r"^class (\w+)\b.*:$", re.MULTILINE)
_TOP_LEVEL = re.compile(r"^(?:class |def |@|if |else|elif )", re.MULTILINE)
_INVOKE = re.compile(r"runtime\.invoke\('(aws:[^']+)'")


def package() -> Path:
    """The folder of the installed pulumi_aws; LookupError when it is not installed."""
    spec = importlib.util.find_spec("pulumi_aws")
    if spec is None or spec.origin is None:
        raise LookupError("pulumi_aws is not installed: install the locked requirements")
    return Path(spec.origin).parent


def version() -> str:
    """The version of the installed pulumi_aws."""
    return str(json.loads((package() / "pulumi-plugin.json").read_text())["version"])


def resource_index() -> dict[str, list[str]]:
    """Every resource token of the SDK with its folder and class, as the SDK registers them."""
    text = (package() / "__init__.py").read_text()
    registered = re.search(r'resource_modules="""\n(.*?)\n"""', text, re.DOTALL)
    modules = json.loads(registered[1]) if registered else []
    return {token: ["/".join(module["fqn"].split(".")[1:]), name] for module in modules for token, name in module["classes"].items()}


def function_index() -> dict[str, str]:
    """Every data source token of the SDK with its file, relative to the package."""
    root = package()
    index = {}
    for file in sorted(root.glob("get_*.py")) + sorted(root.glob("*/get_*.py")):
        found = _INVOKE.search(file.read_text())
        if found:
            index[found[1]] = str(file.relative_to(root))
    return index


def read_resource(token: str, folder: str, class_name: str) -> dict[str, Any]:
    """The facts of one resource type, in the form of this module's docstring."""
    file = package() / folder / f"{_snake(class_name)}.py"
    if not file.is_file() or f'type_token("{token}")' not in _text(file):
        file = _file_declaring(package() / folder, f'type_token("{token}")')
    reader = _Reader(file)
    resource = reader.parse(class_name)
    # The SDK names the arguments otherwise where a nested type already has the plain name.
    arguments = f"{class_name}InitArgs" if f"{class_name}InitArgs" in _classes(file) else f"{class_name}Args"
    facts: dict[str, Any] = {
        "inputs": reader.input_fields(arguments),
        "outputs": reader.output_fields(class_name),
        "secrets": _secret_outputs(resource),
        "deprecated": _class_deprecation(_text(file), class_name),
    }
    return {**facts, "types": reader.types()}


def read_function(path: str) -> dict[str, Any]:
    """The facts of the data source in `path`: inputs are the arguments of the function, outputs those of its result."""
    reader = _Reader(package() / path)
    tree = ast.parse(_text(reader.file))
    result = next(node.name for node in tree.body if isinstance(node, ast.ClassDef))
    # The plain form lets every argument be left out; only the form that takes outputs tells which the schema requires.
    function = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.endswith("_output"))
    wire = _argument_names(function)
    inputs: Fields = {}
    for argument in function.args.args:
        if argument.arg in wire and argument.annotation is not None:
            required = not _is_doubly_optional(argument.annotation)
            inputs[wire[argument.arg]] = [required, reader.shape(argument.annotation, inputs=True), None]
    facts: dict[str, Any] = {"inputs": inputs, "outputs": reader.output_fields(result), "secrets": [], "deprecated": None}
    return {**facts, "types": reader.types()}


def _argument_names(function: ast.FunctionDef) -> dict[str, str]:
    """The wire name of every argument, from the lines `__args__['mostRecent'] = most_recent`."""
    return {
        statement.value.id: str(statement.targets[0].slice.value)
        for statement in ast.walk(function)
        if isinstance(statement, ast.Assign)
        and isinstance(statement.targets[0], ast.Subscript)
        and isinstance(statement.targets[0].slice, ast.Constant)
        and isinstance(statement.value, ast.Name)
    }


def _is_doubly_optional(annotation: ast.expr) -> bool:
    """Whether an argument is `Input[Optional[Optional[...]]]`: once for the Python default, once because the schema says so."""
    return "Input[Optional[Optional[" in ast.unparse(annotation)


@dataclass
class _Reader:
    """Collects the classes reachable from one file of the SDK."""

    file: Path
    _found: dict[str, Fields] = field(default_factory=dict)
    _wanted: list[tuple[str, Path, str, bool]] = field(default_factory=list)

    def parse(self, name: str, file: Path | None = None) -> ast.ClassDef:
        text = _text(file or self.file)
        start = _classes(file or self.file)[name]
        following = _TOP_LEVEL.search(text, text.index("\n", start))
        node = ast.parse(text[start : following.start() if following else None]).body[0]
        if not isinstance(node, ast.ClassDef):
            raise LookupError(f"{file or self.file}: {name} is not a class")
        return node

    def input_fields(self, name: str, file: Path | None = None) -> Fields:
        node = self.parse(name, file)
        constructor = next(item for item in node.body if isinstance(item, ast.FunctionDef) and item.name == "__init__")
        required = {
            argument.arg
            for argument, default in zip(constructor.args.kwonlyargs, constructor.args.kw_defaults, strict=True)
            if default is None
        }
        return {
            wire: [python in required, self.shape(annotation, inputs=True, file=file), deprecation]
            for python, wire, annotation, deprecation in _getters(node)
        }

    def output_fields(self, name: str, file: Path | None = None) -> Fields:
        return {
            wire: [not _is_optional(annotation), self.shape(annotation, inputs=False, file=file), deprecation]
            for _, wire, annotation, deprecation in _getters(self.parse(name, file))
        }

    def types(self) -> dict[str, Fields]:
        while self._wanted:
            key, file, name, inputs = self._wanted.pop()
            if key not in self._found:
                self._found[key] = {}
                self._found[key] = self.input_fields(name, file) if inputs else self.output_fields(name, file)
        return self._found

    def shape(self, annotation: ast.expr, *, inputs: bool, file: Path | None = None) -> Shape:
        if isinstance(annotation, ast.Constant):
            return self._named(str(annotation.value), inputs, file or self.file)
        if not isinstance(annotation, ast.Subscript):
            name = ast.unparse(annotation).split(".")[-1]
            return "asset" if name in {"Asset", "Archive"} else _SCALARS.get(name, "any")
        outer = ast.unparse(annotation.value).split(".")[-1]
        inner = annotation.slice.elts if isinstance(annotation.slice, ast.Tuple) else [annotation.slice]
        if outer in {"Input", "Output", "Optional", "InputType"}:
            return self.shape(inner[0], inputs=inputs, file=file)
        if outer in {"Sequence", "List"}:
            return ["array", self.shape(inner[0], inputs=inputs, file=file)]
        if outer in {"Mapping", "Dict"}:
            return ["map", self.shape(inner[-1], inputs=inputs, file=file)]
        if outer == "Union":
            shapes: list[Shape] = []
            for part in inner:
                # The SDK lists the same object three times: the class, its dictionary form, and the output class.
                if isinstance(part, ast.Constant) and re.search(r"ArgsDict$|^outputs\.", str(part.value)):
                    continue
                shape = self.shape(part, inputs=inputs, file=file)
                if shape not in shapes:
                    shapes.append(shape)
            return shapes[0] if len(shapes) == 1 else ["union", *shapes]
        return "any"

    def _named(self, reference: str, inputs: bool, file: Path) -> Shape:
        qualifier, _, name = reference.rpartition(".")
        folder = file.parent
        if qualifier and qualifier != "outputs":
            sibling = qualifier.split(".")[0].removeprefix("_")
            folder = next(path for path in (package() / sibling, package() / f"{sibling}_") if path.is_dir())
        home = folder / ("_inputs.py" if inputs else "outputs.py")
        if not home.is_file() or name not in _classes(home):
            return "string"  # an enumeration of strings, or a resource given in place of its id
        key = f"{folder.name}.{name}" if folder != self.file.parent else name
        self._wanted.append((key, home, name, inputs))
        return ["object", key]


def _getters(node: ast.ClassDef) -> list[tuple[str, str, ast.expr, str | None]]:
    """Python name, wire name, annotation and deprecation of every property of a generated class."""
    found = []
    for item in node.body:
        if not isinstance(item, ast.FunctionDef) or item.returns is None:
            continue
        wire = deprecation = None
        for decorator in item.decorator_list:
            text = ast.unparse(decorator)
            if isinstance(decorator, ast.Call) and text.startswith("pulumi.getter("):
                wire = str(ast.literal_eval(decorator.keywords[0].value))
            elif text == "pulumi.getter":
                wire = item.name
            elif isinstance(decorator, ast.Call) and text.startswith("_utilities.deprecated("):
                deprecation = str(ast.literal_eval(decorator.args[0]))
        if wire is not None:
            found.append((item.name, wire, item.returns, deprecation))
    return found


def _is_optional(annotation: ast.expr) -> bool:
    if isinstance(annotation, ast.Subscript):
        outer = ast.unparse(annotation.value).split(".")[-1]
        return outer == "Optional" or (outer in {"Output", "Input"} and _is_optional(annotation.slice))
    return False


def _secret_outputs(resource: ast.ClassDef) -> list[str]:
    for node in ast.walk(resource):
        if isinstance(node, ast.keyword) and node.arg == "additional_secret_outputs":
            return [str(name) for name in ast.literal_eval(node.value)]
    return []


def _class_deprecation(text: str, name: str) -> str | None:
    found = re.search(rf'^class {name}\(.*\):\n    warnings\.warn\("""(.*?)"""', text, re.MULTILINE)
    return found[1] if found else None


def _file_declaring(folder: Path, text: str) -> Path:
    for file in sorted(folder.glob("*.py")):
        if text in _text(file):
            return file
    raise LookupError(f"no file of {folder} declares {text}")


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


@lru_cache(maxsize=8)
def _text(file: Path) -> str:
    return file.read_text()


@lru_cache(maxsize=8)
def _classes(file: Path) -> dict[str, int]:
    return {found[1]: found.start() for found in _CLASS.finditer(_text(file))}
