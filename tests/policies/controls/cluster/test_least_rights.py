"""Roles that may more than they need, and bindings that give to everybody."""

from collections.abc import Callable
from typing import Any

import pytest

from policies.values import UNKNOWN
from tests.kit.policies import Draft, Mutation, catches, leaves_open, lets_pass

API = "kubernetes:rbac.authorization.k8s.io/v1"
ROLE, BINDING = f"{API}:ClusterRole", f"{API}:ClusterRoleBinding"


def allow(draft: Draft, verbs: Any, resources: Any, **more: Any) -> None:
    """Let the shippers of logs do one thing more."""
    draft.one(ROLE).properties["rules"].append({"apiGroups": [""], "verbs": verbs, "resources": resources, **more})


def role(draft: Draft, *verbs: str, **rule: Any) -> None:
    """Add a role of a namespace that may do something with secrets."""
    rules = [{"apiGroups": [""], "resources": ["secrets"], "verbs": list(verbs), **rule}]
    draft.add(f"{API}:Role", "another", {"metadata": {"name": "another", "namespace": "automation"}, "rules": rules})


def everybody(draft: Draft, name: Any) -> None:
    draft.one(BINDING).properties["subjects"].append({"kind": "Group", "name": name})


def bound(draft: Draft, to: str) -> None:
    ref = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": to}
    draft.add(f"{API}:RoleBinding", "another", {"roleRef": ref, "subjects": [{"kind": "ServiceAccount", "name": "n8n"}]})


def raised(verb: str) -> Callable[[Draft], None]:
    return lambda draft: allow(draft, ["get", verb], ["clusterroles"])


def entered(door: str) -> Callable[[Draft], None]:
    return lambda draft: allow(draft, ["create"], [door])


def given(name: str) -> Callable[[Draft], None]:
    return lambda draft: bound(draft, name)


def told(name: str) -> Callable[[Draft], None]:
    return lambda draft: everybody(draft, name)


STORE = "kubernetes:external-secrets.io/v1:ClusterSecretStore"


CAUGHT = [
    Mutation("a role may do anything", lambda draft: allow(draft, ["*"], ["pods"])),
    Mutation("a role may read anything", lambda draft: allow(draft, ["get"], ["*"])),
    Mutation("a role is about every API", lambda draft: allow(draft, ["get"], ["pods"], apiGroups=["*"])),
    Mutation("a role lists secrets", lambda draft: allow(draft, ["list"], ["secrets"])),
    Mutation("a role of a namespace reads every secret", lambda draft: role(draft, "get")),
    Mutation("a role lists secrets that it names", lambda draft: role(draft, "get", "list", resourceNames=["n8n"])),
    Mutation("a binding gives everything", lambda draft: draft.one(BINDING).set("roleRef.name", "cluster-admin")),
    *(Mutation(f"a role may {verb}", raised(verb)) for verb in ("escalate", "bind", "impersonate")),
    *(
        Mutation(f"a role writes {door}", entered(door))
        for door in ("nodes/proxy", "serviceaccounts/token", "pods/exec", "pods/attach", "pods/ephemeralcontainers")
    ),
    *(Mutation(f"a namespace is given by {name}", given(name)) for name in ("cluster-admin", "admin", "edit")),
    *(
        Mutation(f"a binding gives to system:{name}", told(f"system:{name}"))
        for name in ("masters", "authenticated", "unauthenticated", "anonymous", "serviceaccounts")
    ),
    Mutation("a binding gives to nobody who is named", lambda draft: draft.one(BINDING).properties["subjects"].append({"kind": "Group"})),
    Mutation("any namespace may ask for secrets", lambda draft: draft.one(STORE).drop("spec.conditions")),
    Mutation("no namespace is named that may ask for secrets", lambda draft: draft.one(STORE).set("spec.conditions", [])),
]
SPARED = [
    Mutation("a role reads one secret", lambda draft: role(draft, "get", resourceNames=["n8n"])),
    Mutation("a role reads pods", lambda draft: allow(draft, ["get", "list"], ["pods", "pods/log"])),
    Mutation("a binding gives what another stack's role says", lambda draft: bound(draft, "reader")),
]
OPEN = [
    Mutation("what a rule lets do is not known yet", lambda draft: allow(draft, UNKNOWN, ["pods"])),
    Mutation("a rule is not known yet", lambda draft: draft.one(ROLE).properties["rules"].append(UNKNOWN)),
    Mutation("whom a binding is for is not known yet", lambda draft: everybody(draft, UNKNOWN)),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("K8S-08", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("K8S-08", mutation)


@pytest.mark.parametrize("mutation", OPEN, ids=str)
def test_what_depends_on_an_unknown_is_left_open(mutation: Mutation) -> None:
    leaves_open("K8S-08", mutation)
