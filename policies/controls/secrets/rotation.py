"""SEC-01: secrets are renewed within ninety days, lie under a key of our own, and can be brought back when they are deleted."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import yaml

from config.integrations import FILE, Catalogue, RotationBy
from config.vocabulary import TagKey
from policies.control import Control, Need, Severity, clauses, ruled
from policies.graph import Graph, Resource
from policies.scope import is_staging, own_key
from policies.values import ABSENT, UNKNOWN, Answer, any_of, asks
from policies.verdict import Ruling

SECRET, VERSION = "aws:secretsmanager/secret:Secret", "aws:secretsmanager/secretVersion:SecretVersion"
ROTATION = "aws:secretsmanager/secretRotation:SecretRotation"
_LONGEST = 90
_SHORTEST_WINDOW = 7
_ROOT = Path(__file__).resolve().parents[3]
_RENEWED = f"a SecretRotation, or a row of {FILE} that says who renews it by hand, and after how many days"


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge each secret, and each rotation. What a third party issues is renewed by a person there: the catalogue says when.

    PCI DSS 8.6.3 leaves the days to a risk analysis, which for those is the catalogue's row; 8.3.9 asks for ninety.
    """
    rotated, certain = _rotated(graph)
    for secret in graph.of(SECRET):
        renewed = any_of([secret.urn in rotated, _is_renewed_by_hand(secret), False if certain else None])
        yield ruled(
            secret,
            own_key(graph, secret, "kmsKeyId"),
            Need("recoveryWindowInDays", _can_come_back(secret), f"{_SHORTEST_WINDOW} to 30"),
            Need("", renewed, _RENEWED),
        )
    for rotation in graph.of(ROTATION):
        yield ruled(
            rotation,
            Need("rotationRules", _is_within(rotation), f"{_LONGEST} days, or fewer"),
            Need("rotationLambdaArn", rotation.look("rotationLambdaArn") not in (ABSENT, ""), "the function that renews it"),
        )


def _rotated(graph: Graph) -> tuple[frozenset[str], bool]:
    """Return which secrets have a rotation, and whether that is all; one may follow a version, so that there is something to renew."""
    certain, found = True, set()
    for rotation in graph.of(ROTATION):
        linked = graph.target(rotation, "secretId", SECRET, VERSION)
        certain &= linked.certain
        for each in linked.resources:
            found |= {owner.urn for owner in graph.target(each, "secretId", SECRET).resources} if each.type == VERSION else {each.urn}
    return frozenset(found), certain


def _is_within(rotation: Resource) -> Answer:
    rules = rotation.properties
    return any_of(
        [
            asks(rules, "rotationRules.automaticallyAfterDays", lambda days: 0 < int(days) <= _LONGEST, absent=False),
            asks(rules, "rotationRules.scheduleExpression", _is_soon, absent=False),
        ]
    )


def _is_soon(schedule: str) -> bool:
    """Tell whether a schedule comes often enough: by its rate, or each month or two."""
    kind, _, rest = schedule.rstrip(")").partition("(")
    fields = rest.split()
    if kind == "rate":
        return fields[1].startswith("hour") or (fields[1].startswith("day") and int(fields[0]) <= _LONGEST)
    return kind == "cron" and fields[3] in ("*", "*/2")


def _can_come_back(secret: Resource) -> Answer:
    """Staging may be torn down and built again at once, under the same names."""
    if is_staging(secret):
        return True
    # Left out, it is thirty days.
    return asks(secret.properties, "recoveryWindowInDays", lambda days: int(days) >= _SHORTEST_WINDOW, absent=True)


def _is_renewed_by_hand(secret: Resource) -> Answer:
    """Tell whether the catalogue has a row of this name; a tenant's secrets share rows, as the folder of a tenant is no part of it."""
    name = secret.look("name")
    if not isinstance(name, str):
        return None if name is UNKNOWN else False
    row = name.replace(f"/{secret.look(f'tags.{TagKey.TENANT}')}/", "/").replace("/", "-")
    return any(row.endswith(f"-{each}") for each in by_hand())


@cache
def by_hand() -> frozenset[str]:
    """Return the names of the rows that a person renews."""
    rows = Catalogue.model_validate(yaml.safe_load((_ROOT / FILE).read_text(encoding="utf-8"))).integrations
    return frozenset(name for name, row in rows.items() if row.rotation.by is RotationBy.HAND)


CONTROL = Control(
    id="SEC-01",
    title="Secrets are renewed within ninety days, under a key of our own, and survive a deletion",
    severity=Severity.HIGH,
    why="A secret that never changes is known to everybody who ever saw it, and one that is deleted at once takes what it opens along.",
    fix="add a SecretRotation of at most 90 days, or a row in config/integrations.yaml; set kms_key_id and recovery_window_in_days",
    clauses=clauses(gdpr="32*", lgpd="46", soc2="CC6.1*", iso27001="5.17", pci="3.7.4 8.3.9 8.6.3"),
    governs=(SECRET, ROTATION),
    check=check,
)
