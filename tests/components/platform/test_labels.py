import re

from components.platform.labels import NAMESPACE_LABEL, labels
from tests.kit.contexts import a_context

_VALUE = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")


def test_an_object_says_what_it_is_part_of_and_who_answers_for_it() -> None:
    given = labels(a_context(), "keda")
    assert given["app.kubernetes.io/part-of"] == "morefocus"
    assert given["app.kubernetes.io/component"] == "keda"
    assert given["morefocus.com/owner"] == "platform"
    assert given["morefocus.com/environment"] == "production"


def test_only_a_tenants_object_names_a_tenant() -> None:
    assert "morefocus.com/tenant" not in labels(a_context(), "keda")
    assert labels(a_context(), "tenant-a", tenant="tenant-a")["morefocus.com/tenant"] == "tenant-a"


def test_every_value_is_one_that_kubernetes_takes() -> None:
    assert all(_VALUE.fullmatch(value) for value in labels(a_context(), "node-scaling", tenant="tenant-a").values())


def test_namespaces_are_told_apart_by_the_label_that_nobody_can_set() -> None:
    assert NAMESPACE_LABEL == "kubernetes.io/metadata.name"
