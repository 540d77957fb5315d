from components.platform.priority_classes import BATCH, PLATFORM, SERVING, WORKING, PriorityClasses
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record

CLASS = "kubernetes:scheduling.k8s.io/v1:PriorityClass"
OF_USERS = 1_000_000_000


def _made() -> Graph:
    return record(lambda: PriorityClasses("priorities", a_context()))


def test_what_is_waited_for_goes_before_what_works_and_that_before_what_can_wait() -> None:
    values = {each.inputs["metadata"]["name"]: each.inputs["value"] for each in _made().of_type(CLASS)}
    assert sorted(values, key=lambda name: -values[name]) == [PLATFORM, SERVING, WORKING, BATCH]


def test_none_goes_before_what_kubernetes_keeps_for_itself() -> None:
    assert all(0 < each.inputs["value"] <= OF_USERS for each in _made().of_type(CLASS))


def test_a_pod_that_says_nothing_works_and_one_that_can_wait_takes_nobodys_place() -> None:
    given = {each.inputs["metadata"]["name"]: each.inputs for each in _made().of_type(CLASS)}
    assert [name for name, each in given.items() if each.get("globalDefault")] == [WORKING]
    assert [name for name, each in given.items() if each["preemptionPolicy"] == "Never"] == [BATCH]


def test_they_are_known_by_their_names_once_they_are_there() -> None:
    graph = _made()
    assert graph.outputs_of(graph.one("morefocus:platform:PriorityClasses")) == {"names": [PLATFORM, SERVING, WORKING, BATCH]}
