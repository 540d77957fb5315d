"""SEC-02: no credential is written out where programs and people read settings: they name a secret, or get it another way."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from policies.control import Control, Need, Severity, clauses, ruled
from policies.controls.secrets._credentials import decoded, literal, texts_in
from policies.graph import Graph, Resource
from policies.values import UNKNOWN, Answer, all_of, any_of, asks, document, each, look, negated
from policies.verdict import Ruling
from policies.workloads import PODS, containers, workloads

FUNCTION, PARAMETER = "aws:lambda/function:Function", "aws:ssm/parameter:Parameter"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
DATABASES = {"aws:rds/instance:Instance": "password", "aws:rds/cluster:Cluster": "masterPassword"}
CACHE, CACHE_USER = "aws:elasticache/replicationGroup:ReplicationGroup", "aws:elasticache/user:User"
SECRET, VERSION = "aws:secretsmanager/secret:Secret", "aws:secretsmanager/secretVersion:SecretVersion"
CONFIG_MAP, K8S_SECRET, RELEASE = "kubernetes:core/v1:ConfigMap", "kubernetes:core/v1:Secret", "kubernetes:helm.sh/v3:Release"
HOLDERS = frozenset(
    {VERSION, "aws:iam/accessKey:AccessKey", "random:index/randomPassword:RandomPassword", "tls:index/privateKey:PrivateKey"}
)
"""Types whose outputs are credentials."""
_NONE = "names of secrets, and no credential"
_KEPT = "a password that RDS manages, or one that a SecretVersion keeps"


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge settings of functions, pods and machines by the names and shapes of their values, and passwords of stores by where they lie."""
    names = _names(graph)
    for function in graph.of(FUNCTION):
        unclear = _may_be_told(graph, function, "environment")
        yield _ruled(function, "environment.variables", names, function.look("environment.variables"), unclear=unclear)
    for parameter in graph.of(PARAMETER):
        # One of type SecureString is a secret's place.
        if asks(parameter.properties, "type", lambda kind: kind == "SecureString", absent=False) is not True:
            found = literal(parameter.look("name"), parameter.look("value"), names)
            yield ruled(parameter, Need("value", negated(found), _NONE))
    for template in graph.of(TEMPLATE):
        yield ruled(template, Need("userData", negated(literal("", decoded(template.look("userData")), names)), _NONE))
    for workload, path in workloads(graph):
        variables = [one for container in containers(look(workload.properties, path)) for one in each(container, "env")]
        told = [None if one is UNKNOWN else literal(look(one, "name"), look(one, "value"), names) for one in variables]
        yield ruled(workload, Need(f"{path}.containers.env", negated(any_of(told)), _NONE))
    for config in graph.of(CONFIG_MAP):
        yield _ruled(config, "data", names, config.look("data"))
    for secret in graph.of(K8S_SECRET):
        data = secret.look("data")
        shown = {key: decoded(value) for key, value in data.items()} if isinstance(data, Mapping) else data
        yield _ruled(secret, "stringData", names, secret.look("stringData"), shown)
    for release in graph.of(RELEASE):
        given = [literal("", text, names) for text in texts_in(release.look("values"))]
        yield ruled(release, Need("values", negated(any_of(given)), _NONE))
    yield from _stores(graph)


def _names(graph: Graph) -> frozenset[str]:
    """Return what secrets are called: whoever reads a name has read nothing."""
    kept = [one.look("name") for one in graph.of(SECRET, PARAMETER)] + [one.look("metadata.name") for one in graph.of(K8S_SECRET)]
    return frozenset(name for name in kept if isinstance(name, str))


def _may_be_told(graph: Graph, resource: Resource, root: str) -> Answer:
    """Tell what an unknown value may be: no credential where nothing that it was made of holds one, such as a secret without its value."""
    made_of = [found for urn in resource.property_dependencies.get(root, ()) if (found := graph.get(urn))]
    return None if not made_of or any(found.type in HOLDERS for found in made_of) else False


def _ruled(resource: Resource, path: str, names: Collection[str], *shown: Any, unclear: Answer = None) -> Ruling:
    found = any_of([_holds(one, names) for one in shown])
    return ruled(resource, Need(path, negated(unclear if found is None else found), _NONE))


def _holds(values: Any, names: Collection[str]) -> Answer:
    if values is UNKNOWN:
        return None
    return any_of([literal(name, value, names) for name, value in values.items()]) if isinstance(values, Mapping) else False


def _stores(graph: Graph) -> Iterator[Ruling]:
    kept = {text for version in graph.of(VERSION) for text in _kept(version)}
    for type_, path in DATABASES.items():
        for database in graph.of(type_):
            yield ruled(database, Need(path, _is_kept(graph, database, path, kept), _KEPT))
    for cache in graph.of(CACHE):
        yield ruled(cache, Need("authToken", _is_kept(graph, cache, "authToken", kept), _KEPT))
    for user in graph.of(CACHE_USER):
        found = [_is_kept(graph, user, path, kept) for path in ("passwords", "authenticationMode.passwords")]
        yield ruled(user, Need("passwords", all_of(found), "authentication by IAM, or passwords that a SecretVersion keeps"))


def _kept(version: Resource) -> Iterator[Any]:
    held = version.look("secretString")
    yield held
    yield from texts_in(document(held))


def _is_kept(graph: Graph, store: Resource, path: str, kept: Collection[Any]) -> Answer:
    """Tell whether passwords are those of secrets; by what one is made of where it is not known yet. Without any, nobody wrote one."""
    found = each(store.properties, path)
    if UNKNOWN in found:
        return True if graph.target(store, path, VERSION).resources else None
    return all_of([password in kept or (None if UNKNOWN in kept else False) for password in found])


CONTROL = Control(
    id="SEC-02",
    title="No credential stands in settings of functions, pods, machines and stores",
    severity=Severity.CRITICAL,
    why="Settings are read by everybody who may look at a resource, and kept in the state and in every copy of the repository.",
    fix="name a secret and read it at run time; for databases manage_master_user_password, or a password of a SecretVersion",
    clauses=clauses(gdpr="32*", lgpd="46", soc2="CC6.1*", iso27001="5.17", pci="8.3.2 8.6.2* 8.6.3"),
    governs=(FUNCTION, PARAMETER, TEMPLATE, *PODS, CONFIG_MAP, K8S_SECRET, RELEASE, *DATABASES, CACHE, CACHE_USER, VERSION),
    check=check,
    exceptable=False,
)
