"""TAG-01: everything says whose it is, where it belongs, what it holds and who pays."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from config.vocabulary import DataClass, Environment, Law, Region, TagKey
from policies.control import Control, Need, Severity, clauses, ruled
from policies.controls.tagging._taggable import TAGGABLE
from policies.graph import Graph, Resource
from policies.values import ABSENT, UNKNOWN, Answer
from policies.verdict import Ruling

_TEAM = re.compile(r"^[a-z0-9-]{2,63}$")
WANTED: Mapping[str, tuple[Any, str]] = {
    TagKey.OWNER: (_TEAM.match, "a team: a-z, 0-9 and hyphens"),
    TagKey.ENVIRONMENT: (set(Environment).__contains__, " or ".join(Environment)),
    TagKey.REGION: (set(Region).__contains__, "an AWS region"),
    TagKey.JURISDICTION: (set(Law).__contains__, ", ".join(Law)),
    TagKey.DATA_CLASS: (set(DataClass).__contains__, ", ".join(DataClass)),
    TagKey.COST_CENTRE: (_TEAM.match, "a cost centre: a-z, 0-9 and hyphens"),
}
_KNOWN = re.compile(rf"^({'|'.join(map(re.escape, TagKey))}|(kubernetes\.io|k8s\.io|aws|eks|elbv2\.k8s\.aws|karpenter\.sh)[/:-].*)$")


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge the tags of each resource that can have some: its own and those of its provider, where the reader sees both."""
    for resource in graph.of(*sorted(TAGGABLE)):
        tags = _tags(resource)
        needs = [Need(f"tags.{key}", _is(tags, key, test), allowed) for key, (test, allowed) in WANTED.items()]
        closed: Answer = None if tags is UNKNOWN else all(_KNOWN.match(str(key)) for key in tags)
        yield ruled(resource, *needs, Need("tags", closed, f"no key but {', '.join(TagKey)} and those of Kubernetes and AWS"))


def _tags(resource: Resource) -> Any:
    own, every = resource.look("tags"), resource.look("tagsAll")
    if isinstance(own, dict) and isinstance(every, dict):
        return {**every, **own}
    return own if own is not ABSENT else every if isinstance(every, dict) else {}


def _is(tags: Any, key: str, test: Any) -> Answer:
    if tags is UNKNOWN:
        return None
    value = tags.get(key, ABSENT)
    return None if value is UNKNOWN else value is not ABSENT and bool(test(str(value)))


CONTROL = Control(
    id="TAG-01",
    title="Resources carry the tags of the house, with values that mean something",
    severity=Severity.MEDIUM,
    why="Backups, keys, costs and erasure find what they are about by tags; what has none is forgotten by all of them.",
    fix="pass tags=self.tags(DataClass.X, name=...) of the component",
    clauses=clauses(gdpr="30*", lgpd="37", soc2="CC2.1*", iso27001="5.9 5.13", pci="12.5.1*"),
    governs=tuple(sorted(TAGGABLE)),
    check=check,
    house=True,
)
