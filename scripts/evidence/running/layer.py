"""The graph of what is running: the state's resources with the properties that the cloud itself tells."""

from collections import Counter
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

from botocore.exceptions import ClientError

from policies.graph import Graph, Resource
from scripts.evidence.running.cloud import HOME, Cloud, GoneError, Place, UnreadError
from scripts.evidence.running.kubernetes import PREFIX, Cluster, is_read
from scripts.evidence.running.reader import Reader, readers

_THREADS = 8
_GLOBAL = ("aws:iam/", "aws:cloudfront/", "aws:s3/account")


@dataclass(frozen=True, kw_only=True, slots=True)
class Coverage:
    """How much of the graph was read from the cloud, and what of the rest is the state's word."""

    read: tuple[str, ...]
    """Urns of resources that answered."""
    gone: tuple[str, ...]
    """Urns of those that are not there; the graph is without them."""
    unread: Mapping[str, str]
    """Why the cloud did not answer a question that it was asked, by urn: these stand as the state has them."""
    untold: Mapping[str, tuple[str, ...]]
    """Properties that an answer left out although a reader asks for them, by urn: the state's are kept."""
    unmanaged: tuple[str, ...]
    """Urns made up for what belongs to a resource and was made past the program."""
    without: Mapping[str, int]
    """Resources of types that no reader covers, by type."""

    @property
    def types(self) -> tuple[int, int]:
        """Types that have a reader, and all types of the graph."""
        seen = {urn.split("::")[2].rpartition("$")[2] for urn in (*self.read, *self.gone, *self.unread)}
        return len(seen), len(seen) + len(self.without)

    @property
    def resources(self) -> tuple[int, int]:
        """Resources of which the cloud told, and all resources of the state."""
        told = len(self.read) + len(self.gone)
        return told, told + len(self.unread) + sum(self.without.values())

    def summary(self) -> str:
        """Return it for people: numbers, and each reason why something was not read."""
        types, resources = self.types, self.resources
        lines = [
            f"{resources[0]} of {resources[1]} resources and {types[0]} of {types[1]} types were read; all else is as the state has it"
        ]
        lines += [f"gone: {urn}" for urn in self.gone]
        lines += [f"made past the program: {urn}" for urn in self.unmanaged]
        lines += [f"not read ({count}): {why}" for why, count in sorted(Counter(self.unread.values()).items())]
        paths = Counter((urn.split("::")[2].rpartition("$")[2], path) for urn, paths in self.untold.items() for path in paths)
        lines += [f"not told ({count}): {path} of {type_}" for (type_, path), count in sorted(paths.items())]
        return "\n".join(lines)


@dataclass(slots=True)
class _Found:
    """What came of asking for one resource."""

    properties: Mapping[str, Any] | None = None
    untold: tuple[str, ...] = ()
    unread: str = ""
    gone: bool = False
    beside: tuple[Resource, ...] = field(default=())


def running(state: Graph, cloud: Cloud, cluster: Cluster | None = None) -> tuple[Graph, Coverage]:
    """Return the graph of what is running, and how much of it was read.

    `cluster` is asked for Kubernetes objects; without one these are as the state has them. Nothing is changed anywhere.
    """
    known = readers()
    asked = [each for each in state.resources if each.type in known or (cluster is not None and is_read(each.type))]
    with ThreadPoolExecutor(_THREADS) as pool:
        answers = dict(
            zip((each.urn for each in asked), pool.map(lambda each: _ask(each, state, cloud, cluster, known), asked), strict=True)
        )
    resources = []
    for resource in state.resources:
        found = answers.get(resource.urn, _Found())
        if not found.gone:
            resources.append(replace(resource, properties=found.properties) if found.properties is not None else resource)
            resources += found.beside
    asked_types = {each.type for each in asked}
    coverage = Coverage(
        read=tuple(urn for urn, found in answers.items() if found.properties is not None),
        gone=tuple(urn for urn, found in answers.items() if found.gone),
        unread={urn: found.unread for urn, found in answers.items() if found.unread},
        untold={urn: found.untold for urn, found in answers.items() if found.untold},
        unmanaged=tuple(each.urn for found in answers.values() for each in found.beside),
        without=_without(state.resources, asked_types),
    )
    return Graph(resources), coverage


def _without(resources: Iterable[Resource], asked: set[str]) -> dict[str, int]:
    """Return how many resources of a provider have no reader, by type; components and providers are nothing that runs."""
    ours = (each.type for each in resources if each.type.startswith(("aws:", PREFIX)))
    return dict(sorted(Counter(type_ for type_ in ours if type_ not in asked).items()))


def _ask(resource: Resource, state: Graph, cloud: Cloud, cluster: Cluster | None, known: Mapping[str, Reader]) -> _Found:
    try:
        if cluster is not None and resource.type.startswith(PREFIX):
            return _Found({**resource.properties, **cluster.read(resource)})
        return _of_aws(resource, state, cloud, known[resource.type])
    except GoneError:
        return _Found(gone=True)
    except UnreadError as error:
        return _Found(unread=str(error))


def _of_aws(resource: Resource, state: Graph, cloud: Cloud, reader: Reader) -> _Found:
    region = HOME if resource.type.startswith(_GLOBAL) else resource.region
    if not isinstance(region, str):
        raise UnreadError(f"{resource.type}: the state does not know its region")
    place = Place(cloud, region, state)
    try:
        told = reader.read(place, resource)
        beside = () if told is None else tuple(reader.found(place, resource))
    except ClientError as error:
        code = str(error.response["Error"].get("Code"))
        if code in reader.gone:
            raise GoneError from None
        raise UnreadError(f"{resource.type}: {error.operation_name} answers {code}") from None
    except UnreadError:
        raise
    except LookupError as error:
        # AWS always sends it.
        raise UnreadError(f"{resource.type}: the answer has no {error.args[0]}") from None
    except Exception as error:
        # No answer, or one of another shape than the reader knows: one resource that cannot be read hides no other.
        raise UnreadError(f"{resource.type}: its reader failed with {type(error).__name__}") from None
    if told is None:
        raise GoneError
    if unknown := told.keys() - set(reader.covers):
        raise UnreadError(f"{resource.type}: its reader gives {', '.join(sorted(unknown))}, which it does not cover: mend it")
    merged = {key: value for key, value in {**resource.properties, **told}.items() if value is not None or key not in told}
    return _Found(merged, untold=tuple(path for path in reader.covers if path not in told), beside=beside)
