"""The contract of an HTTP API: OpenAPI 3.0 documents, one for each version, checked before anything is built from them (API-1 to API-5).

What only this platform needs stands in four extensions of an operation: `x-function` names the function that answers, `x-public` is the
reason why it takes no token, `x-request-validation` is `parameters` or `all`, and `x-cache` is how long an answer is kept and what tells
answers apart. Source: https://spec.openapis.org/oas/v3.0.3
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Document = Mapping[str, Any]

METHODS = ("delete", "get", "head", "options", "patch", "post", "put")
VALIDATIONS = ("parameters", "all")
TENANT_HEADER = "X-Tenant"
"""Says the tenant of the token once more, since the key of a cache is made of what a request says; functions refuse another one."""
PROBLEM = "application/problem+json"
LONGEST_CACHE = 3600
"""Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html"""

_VERSION = re.compile(r"v[1-9][0-9]*")
_SEGMENT = re.compile(r"\{[A-Za-z0-9_]+\}|[A-Za-z0-9_.:-]+")
_RESERVED = ("/ping", "/sping")
_ALWAYS = ("429", "500")
_PROTECTED = ("401", "403")
_KEPT_APART = (f"header.{TENANT_HEADER}", "header.Authorization")


class ContractError(ValueError):
    """A contract that cannot be deployed; the message lists every fault, each with its place and what to do."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("the contract is refused:\n" + "\n".join(f"- {fault}" for fault in self.faults))


@dataclass(frozen=True, kw_only=True, slots=True)
class Cache:
    """For how long an answer is kept, and what tells answers apart, such as `path.resource_id` or `header.X-Tenant`."""

    seconds: int
    key: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """One route of one version."""

    version: str
    path: str
    """With the version in front, such as `/v1/bookings/{booking_id}`."""
    method: str
    """In lower case."""
    id: str
    function: str
    public: str | None
    """Why it takes no token; None where it takes one."""
    scopes: tuple[str, ...]
    needs_client: bool
    """Whether the caller's key must come along, by which requests are counted."""
    validation: str
    cache: Cache | None
    parameters: tuple[Document, ...]
    document: Document

    @property
    def place(self) -> str:
        """Where it stands, for messages."""
        return f"{self.method.upper()} {self.path}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Contract:
    """All versions, without a fault."""

    documents: Mapping[str, Document]
    operations: tuple[Operation, ...]

    @property
    def functions(self) -> tuple[str, ...]:
        """Every function that answers a route, in order."""
        return tuple(sorted({operation.function for operation in self.operations}))

    @property
    def cached(self) -> tuple[Operation, ...]:
        """Operations whose answers are kept."""
        return tuple(operation for operation in self.operations if operation.cache is not None)

    @property
    def scopes(self) -> dict[str, dict[str, str]]:
        """What tokens may allow: resource server, such as `scheduling`, to its scopes with what each allows."""
        found: dict[str, dict[str, str]] = {}
        for document in self.documents.values():
            for scheme in document.get("components", {}).get("securitySchemes", {}).values():
                for flow in scheme.get("flows", {}).values():
                    for scope, allows in flow.get("scopes", {}).items():
                        server, _, name = scope.rpartition("/")
                        found.setdefault(server, {})[name] = allows
        return found

    def check_functions(self, given: Sequence[str]) -> None:
        """Raise ContractError when a route names no function of `given`, or a function of `given` has no route."""
        faults = [
            f"{operation.place}: x-function must be one of {', '.join(sorted(given)) or 'none'} (got {operation.function!r})"
            for operation in self.operations
            if operation.function not in given
        ]
        unused = sorted(set(given) - set(self.functions))
        faults += [
            f"function {name!r} has no route: name it in x-function of an operation, or do not give it to the API" for name in unused
        ]
        if faults:
            raise ContractError(faults)


def read_contract(documents: Mapping[str, Document]) -> Contract:
    """Return the contract of `documents`, which maps a version such as `v1` to its document.

    Raises ContractError with every fault: a route without an authorizer that gives no reason to be public, a cached route whose key lets
    answers of two tenants or callers meet, an operationId that is taken, errors that are no problem documents, and the like.
    """
    faults: list[str] = []
    operations: list[Operation] = []
    for version, document in documents.items():
        if not _VERSION.fullmatch(version):
            faults.append(f"version must look like 'v1' (got {version!r})")
        if not str(document.get("openapi", "")).startswith("3.0."):
            faults.append(f"{version}: openapi must be 3.0.x, which API Gateway imports (got {document.get('openapi')!r})")
        faults += _nullable(version, document)
        try:
            operations += _operations(version, document, faults)
        except _DanglingError as dangling:
            faults.append(f"{version}: {dangling}")
    faults += _taken_ids(operations)
    if not operations and not faults:
        faults.append("there is no operation: give at least one document with a path")
    if faults:
        raise ContractError(faults)
    return Contract(documents=documents, operations=tuple(operations))


class _DanglingError(Exception):
    pass


def resolve(document: Document, node: Any) -> Any:
    """Return what `node` is, or what it refers to within `document`."""
    seen = []
    while isinstance(node, Mapping) and "$ref" in node:
        reference = str(node["$ref"])
        if reference in seen or not reference.startswith("#/"):
            raise _DanglingError(f"$ref must lead to a component of the same document (got {reference!r})")
        seen.append(reference)
        node = document
        for part in reference[2:].split("/"):
            if not isinstance(node, Mapping) or part not in node:
                raise _DanglingError(f"$ref {reference!r} leads nowhere")
            node = node[part]
    return node


def _nullable(version: str, document: Document) -> Iterator[str]:
    """Models of API Gateway are of JSON schema draft 4, where a type that may be null is written as OpenAPI 3.0 does not write it."""
    waiting: list[tuple[str, Any]] = list(document.get("components", {}).get("schemas", {}).items())
    while waiting:
        place, node = waiting.pop()
        if isinstance(node, Mapping):
            if node.get("nullable") is True:
                yield f"{version}: schema {place} is nullable, which API Gateway does not know: leave the property out instead of null"
            waiting += [(f"{place}.{key}", each) for key, each in node.items() if key not in ("example", "examples", "enum", "default")]


def _operations(version: str, document: Document, faults: list[str]) -> Iterator[Operation]:
    for path, item in document.get("paths", {}).items():
        faults += _path_faults(version, path)
        for method in METHODS:
            if method in item:
                yield _operation(version, path, method, document, faults)


def _path_faults(version: str, path: str) -> Iterator[str]:
    segments = path.split("/")[1:]
    if not path.startswith("/") or not all(_SEGMENT.fullmatch(segment) for segment in segments):
        yield f"{version}: a path is made of names and {{parameters}} between slashes, as API Gateway takes them (got {path!r})"
    if path in _RESERVED:
        yield f"{version}: {path} is API Gateway's own: choose another path"


def _operation(version: str, path: str, method: str, document: Document, faults: list[str]) -> Operation:
    item = document["paths"][path]
    given: Document = item[method]
    place = f"{method.upper()} /{version}{path}"
    parameters = tuple(resolve(document, each) for each in (*item.get("parameters", ()), *given.get("parameters", ())))
    scopes, protected, needs_client = _security(document, given)
    found = Operation(
        version=version,
        path=f"/{version}{path}",
        method=method,
        id=str(given.get("operationId", "")),
        function=str(given.get("x-function", "")),
        public=given.get("x-public"),
        scopes=scopes,
        needs_client=needs_client,
        validation=str(given.get("x-request-validation", "")),
        cache=_cache(given),
        parameters=parameters,
        document=given,
    )
    checks = (
        _shape_faults(found),
        _access_faults(found, document, protected),
        _cache_faults(found),
        _answer_faults(found, document, protected),
    )
    faults += [f"{place}: {fault}" for check in checks for fault in check]
    return found


def _security(document: Document, given: Document) -> tuple[tuple[str, ...], bool, bool]:
    """Return the scopes, whether a token is asked for in every case, and whether a client's key is."""
    schemes = document.get("components", {}).get("securitySchemes", {})
    tokens = {name for name, scheme in schemes.items() if scheme.get("type") == "oauth2"}
    keys = {name for name, scheme in schemes.items() if scheme.get("type") == "apiKey"}
    ways: Sequence[Mapping[str, Sequence[str]]] = given.get("security", document.get("security", ()))
    scopes = {scope for way in ways for name in way if name in tokens for scope in way[name]}
    protected = bool(ways) and all(tokens & set(way) for way in ways)
    return tuple(sorted(scopes)), protected, any(keys & set(way) for way in ways)


def _cache(given: Document) -> Cache | None:
    cache = given.get("x-cache")
    return None if cache is None else Cache(seconds=int(cache.get("seconds", 0)), key=tuple(cache.get("key", ())))


def _shape_faults(operation: Operation) -> Iterator[str]:
    if not operation.id:
        yield "operationId is missing: name what it does, such as listBookingsV1"
    if not operation.function:
        yield "x-function is missing: name the function that answers"
    if operation.validation not in VALIDATIONS:
        yield f"x-request-validation must be one of {', '.join(VALIDATIONS)} (got {operation.validation!r})"
    elif ("requestBody" in operation.document) != (operation.validation == "all"):
        yield f"x-request-validation must be 'all' with a requestBody and 'parameters' without one (got {operation.validation!r})"
    declared = {each["name"] for each in operation.parameters if each.get("in") == "path"}
    used = set(re.findall(r"\{([^}]*)\}", operation.path))
    if declared != used:
        wanted, given = (", ".join(sorted(names)) or "none" for names in (used, declared))
        yield f"path parameters must be those of the path: {wanted} (got {given})"


def _access_faults(operation: Operation, document: Document, protected: bool) -> Iterator[str]:
    if operation.public is None and not protected:
        yield "it has no authorizer: ask for a token in security, or give the reason why it is public in x-public"
    if operation.public is not None and protected:
        yield "x-public gives a reason to take no token, and security asks for one: keep one of them"
    if operation.public is not None and len(str(operation.public).split()) < 3:
        yield f"x-public must say why, in a sentence (got {operation.public!r})"
    if operation.public is None and protected and not operation.scopes:
        yield "security names no scope: any token of the user pool would do"
    schemes = document.get("components", {}).get("securitySchemes", {}).values()
    flows = [flow for scheme in schemes for flow in scheme.get("flows", {}).values()]
    known = {scope for flow in flows for scope in flow.get("scopes", {})}
    for scope in operation.scopes:
        if scope not in known:
            yield f"scope {scope!r} is none of the security scheme's: {', '.join(sorted(known)) or 'it has none'}"


def _cache_faults(operation: Operation) -> Iterator[str]:
    cache = operation.cache
    if cache is None:
        return
    if operation.method != "get":
        yield "x-cache is for GET alone: remove it"
    if operation.public is not None:
        yield "x-cache is for operations with a token, by which answers are told apart: remove it"
    if not 1 <= cache.seconds <= LONGEST_CACHE:
        yield f"x-cache.seconds must be 1 to {LONGEST_CACHE} (got {cache.seconds})"
    for part in _KEPT_APART:
        if part not in cache.key:
            yield f"x-cache.key must hold {part}: without it one tenant or caller is given the answer to another"
    declared = {f"{each['in']}.{each['name']}" for each in operation.parameters} | {"header.Authorization"}
    for part in cache.key:
        if part not in declared:
            yield f"x-cache.key names {part!r}, which is no parameter of the operation: {', '.join(sorted(declared))}"
    for each in operation.parameters:
        part = f"{each['in']}.{each['name']}"
        if part not in cache.key:
            yield f"x-cache.key must hold every parameter, and leaves out {part}"
        elif part == _KEPT_APART[0] and not each.get("required"):
            yield f"{TENANT_HEADER} must be required where answers are kept"


def _answer_faults(operation: Operation, document: Document, protected: bool) -> Iterator[str]:
    answers = {str(code): resolve(document, answer) for code, answer in operation.document.get("responses", {}).items()}
    for code in (*_ALWAYS, *(_PROTECTED if protected else ()), *(("400",) if operation.parameters else ())):
        if code not in answers:
            yield f"responses must tell of {code}, which API Gateway itself can give"
    if not any(code.startswith("2") for code in answers):
        yield "responses must have one that tells of success"
    for code, answer in answers.items():
        if code[:1] in ("4", "5") and set(answer.get("content", {})) != {PROBLEM}:
            yield f"response {code} must be {PROBLEM} alone (got {', '.join(answer.get('content', {})) or 'no content'})"


def _taken_ids(operations: Sequence[Operation]) -> Iterator[str]:
    first: dict[str, Operation] = {}
    for operation in operations:
        if operation.id and first.setdefault(operation.id, operation) is not operation:
            yield f"{operation.place}: operationId {operation.id!r} is taken by {first[operation.id].place}: all versions share one API"
