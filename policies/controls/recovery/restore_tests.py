"""BCK-04: backups are restored on trial, of every kind that there is."""

from collections.abc import Iterable

from policies.control import Control, Need, Severity, clauses, need, ruled
from policies.controls.recovery._coverage import KINDS, SELECTION, conditions_hold, picks
from policies.graph import Graph, Resource
from policies.values import Answer, all_of, any_of, each, same
from policies.verdict import Ruling

PLAN = "aws:backup/plan:Plan"
VAULT = "aws:backup/vault:Vault"
TESTS = "aws:backup/restoreTestingPlan:RestoreTestingPlan"
TESTED = "aws:backup/restoreTestingSelection:RestoreTestingSelection"
_DAYS = 30


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge each vault that a plan writes to, each testing plan, and each selection by whether it would find anything.

    A vault that only gets copies is not asked: what is in it was tried where it was taken, and restoring there would need networks and
    keys that those regions have not.
    """
    written = {
        vault.urn
        for plan in graph.of(PLAN)
        for order, _ in enumerate(each(plan.properties, "rules"))
        for vault in graph.target(plan, f"rules.{order}.targetVaultName", VAULT).resources
        if vault.region == plan.region
    }
    selections = graph.of(SELECTION)
    stores = [store for store in graph.of(*KINDS) if any_of([picks(selection, store) for selection in selections])]
    for vault in graph.of(VAULT):
        if vault.urn in written:
            yield ruled(vault, *_tried(graph, vault, stores))
    for tests in graph.of(TESTS):
        newest = need(tests, "recoveryPointSelection.selectionWindowDays", lambda days: days <= _DAYS, f"{_DAYS} days or less", absent=True)
        yield ruled(tests, newest, need(tests, "scheduleExpression", bool, "a schedule"))
    for tested in graph.of(TESTED):
        found = any_of([_finds(tested, store) for store in stores])
        yield ruled(tested, Need("protectedResourceConditions", found, "conditions that a store of the kind meets"))


def _tried(graph: Graph, vault: Resource, stores: list[Resource]) -> Iterable[Need]:
    plans = [(tests, _includes(graph, tests, vault)) for tests in graph.of(TESTS)]
    yield Need("", any_of([answer for _, answer in plans]), "a RestoreTestingPlan that includes the vault")
    tested = [
        one for tests, answer in plans if answer is not False for one in graph.attached(tests, TESTED, "restoreTestingPlanName").resources
    ]
    for kind in sorted({KINDS[store.type] for store in stores if store.region == vault.region}):
        tried = any_of([_is_of(one, kind) for one in tested])
        yield Need("", tried, f"a RestoreTestingSelection of {kind}, which is backed up")


def _includes(graph: Graph, tests: Resource, vault: Resource) -> Answer:
    path = "recoveryPointSelection"
    left_out = graph.target(tests, f"{path}.excludeVaults", VAULT)
    if vault in left_out.resources:
        return False
    if "*" in each(tests.properties, f"{path}.includeVaults"):
        return True
    included = graph.target(tests, f"{path}.includeVaults", VAULT)
    return vault in included.resources or (False if included.certain else None)


def _is_of(selection: Resource, kind: str) -> Answer:
    return same(selection.look("protectedResourceType"), kind)


def _finds(tested: Resource, store: Resource) -> Answer:
    met = conditions_hold(each(tested.properties, "protectedResourceConditions"), store)
    return all_of([_is_of(tested, KINDS[store.type]), met, same(tested.region, store.region)])


CONTROL = Control(
    id="BCK-04",
    title="Every kind of store that is backed up is restored on trial, from each vault that a plan writes to",
    severity=Severity.MEDIUM,
    why="A backup that was never restored is a hope: keys, rights and formats fail on the day on which they are needed.",
    fix="add backup.RestoreTestingPlan with the vault's ARN, and a RestoreTestingSelection for each kind with the plan's own tags",
    clauses=clauses(gdpr="32(1)(d)*", lgpd="46 50", soc2="A1.3*", iso27001="5.30* 8.13*"),
    governs=(VAULT, TESTS, TESTED),
    check=check,
)
