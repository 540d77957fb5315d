"""Roles that may more than they need, and bindings that give to everybody."""

from typing import Any

import pytest

from policies.values import UNKNOWN
from tests.kit.policies import Draft, Mutation, catches, lets_pass

API = "kubernetes:rbac.authorization.k8s.io/v1"
ROLE, BINDING = f"{API}:ClusterRole", f"{API}:ClusterRoleBinding"


def allow(draft: Draft, verbs: Any, resources: Any, **more: Any) -> None:
    """Let the shippers of logs do one thing more."""
    draft.one(ROLE).properties["rules"].append({"apiGroups": [""], "verbs": verbs, "resources": resources, **more})


def role(draft: Draft, *verbs: str, **rule: Any) -> None:
    """Add a role of a namespace that may do something with secrets."""
    rules = [{"apiGroups": [""], "resources": ["secrets"], "verbs": list(verbs), **rule}]
    draft.add(f"{API}:Role", "another", {"metadata": {"name": "another", "namespace": "automation"}, "rules": rules})


def everybody(draft: Draft, name: str) -> None:
    draft.one(BINDING).properties["subjects"].append({"kind": "Group", "name": name})


def bound(draft: Draft, to: str) -> None:
    ref = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": to}
    draft.add(f"{API}:RoleBinding", "another", {"roleRef": ref, "subjects": [{"kind": "ServiceAccount", "name": "n8n"}]})


CAUGHT = [
    Mutation("a role may do anything", lambda draft: allow(draft, ["*"], ["pods"])),
    Mutation("a role may read anything", lambda draft: allow(draft, ["get"], ["*"])),
    Mutation("a role is about every API", lambda draft: allow(draft, ["get"], ["pods"], apiGroups=["*"])),
    Mutation("a role may raise itself", lambda draft: allow(draft, ["escalate"], ["clusterroles"])),
    Mutation("a role may act as others", lambda draft: allow(draft, ["get", "impersonate"], ["users"])),
    Mutation("a role lists secrets", lambda draft: allow(draft, ["list"], ["secrets"])),
    Mutation("a role of a namespace reads every secret", lambda draft: role(draft, "get")),
    Mutation("a role lists secrets that it names", lambda draft: role(draft, "get", "list", resourceNames=["n8n"])),
    Mutation("a role enters pods", lambda draft: allow(draft, ["create"], ["pods/exec"])),
    Mutation("a role makes tokens of others", lambda draft: allow(draft, ["create"], ["serviceaccounts/token"])),
    Mutation("a binding gives everything", lambda draft: draft.one(BINDING).set("roleRef.name", "cluster-admin")),
    Mutation("a namespace is given away", lambda draft: bound(draft, "admin")),
    Mutation("a binding gives to all who sign in", lambda draft: everybody(draft, "system:authenticated")),
    Mutation("a binding gives to all who do not", lambda draft: everybody(draft, "system:unauthenticated")),
]
SPARED = [
    Mutation("a role reads one secret", lambda draft: role(draft, "get", resourceNames=["n8n"])),
    Mutation("a role reads pods", lambda draft: allow(draft, ["get", "list"], ["pods", "pods/log"])),
    Mutation("a rule is not known yet", lambda draft: allow(draft, UNKNOWN, ["pods"])),
    Mutation("a binding gives what another stack's role says", lambda draft: bound(draft, "reader")),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("K8S-08", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("K8S-08", mutation)
