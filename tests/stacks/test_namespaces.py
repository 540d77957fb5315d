from collections import Counter

from stacks.namespaces import NAMESPACES


def test_each_namespace_is_made_once() -> None:
    assert max(Counter(each.namespace for each in NAMESPACES).values()) == 1


def test_no_namespace_of_the_platform_has_a_name_that_kubernetes_keeps_for_itself() -> None:
    assert not [each.namespace for each in NAMESPACES if each.namespace.startswith("kube-") or each.namespace == "default"]


def test_more_than_restricted_is_allowed_only_where_pods_read_or_write_their_node() -> None:
    exceptions = {each.namespace: each.exception for each in NAMESPACES if each.security != "restricted"}
    assert set(exceptions) == {"log-shippers", "mesh-nodes", "node-agents"}
    assert all("node" in (why or "") for why in exceptions.values())


def test_what_is_more_than_restricted_is_not_in_the_mesh() -> None:
    assert not [each.namespace for each in NAMESPACES if each.mesh and each.security != "restricted"]


def test_a_container_that_says_nothing_gets_little() -> None:
    assert all(each.default_requests and each.default_limits for each in NAMESPACES)
