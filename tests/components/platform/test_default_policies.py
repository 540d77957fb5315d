from components.platform.default_policies import ALLOW_DNS, DENY
from components.platform.namespace import Namespace, NamespaceArgs
from components.platform.system_namespace import SystemNamespace, SystemNamespaceArgs
from tests.kit.contexts import a_context
from tests.kit.kubernetes import name_of, objects
from tests.kit.recorder import record


def test_a_namespace_that_is_found_begins_with_the_same_as_one_that_is_made() -> None:
    made = record(lambda: Namespace("tools", a_context(), NamespaceArgs(namespace="tools")))
    found = record(lambda: SystemNamespace("tools", a_context(), SystemNamespaceArgs(namespace="default")))
    specs = [{name_of(each): each["spec"] for each in objects(graph) if each["kind"] == "NetworkPolicy"} for graph in (made, found)]
    assert specs[0] == specs[1]
    assert set(specs[0]) == {DENY, ALLOW_DNS}
