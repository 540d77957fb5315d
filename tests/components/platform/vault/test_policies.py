import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from components.platform.vault.policies import (
    CONFIGURATION,
    OWN_POLICIES,
    OWN_ROLES,
    SNAPSHOT,
    Policy,
    Role,
    TenantAccess,
    tenant_policy,
    tenant_role,
)
from tests.kit.vault_judge import capabilities

NAMES = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?", fullmatch=True)
SECRETS = st.from_regex(r"[a-z0-9./_-]{1,20}", fullmatch=True)


def _may(tenant: str, path: str) -> frozenset[str]:
    return capabilities([tenant_policy(tenant).document()], path)


@given(own=NAMES, other=NAMES, secret=SECRETS)
def test_a_tenant_reads_its_own_secrets_and_no_other_tenants_not_even_one_whose_name_begins_alike(
    own: str, other: str, secret: str
) -> None:
    assume(own != other)
    assert {"create", "read", "update", "delete"} <= _may(own, f"tenants/data/{own}/{secret}")
    for kind in ("data", "metadata", "destroy", "delete", "undelete"):
        assert not _may(own, f"tenants/{kind}/{other}/{secret}")
        assert not _may(own, f"tenants/{kind}/{own}-{other}/{secret}")
        assert not _may(own, f"tenants/{kind}/{own}{secret.replace('/', '')}/{secret}")


def test_a_tenant_sees_the_names_of_its_own_secrets_and_of_no_other_tenant() -> None:
    assert "list" in _may("acme", "tenants/metadata/acme/")
    for path in ("tenants/metadata/", "tenants/metadata", "tenants/metadata/other/", "tenants/metadata/acme-two/"):
        assert not _may("acme", path)


def test_a_tenant_can_take_back_a_mistake_and_destroys_no_version() -> None:
    assert not _may("acme", "tenants/destroy/acme/database")
    assert _may("acme", "tenants/metadata/acme/database") == {"read", "list"}


@pytest.mark.parametrize(
    "path", ["sys/policies/acl/tenant-acme", "auth/kubernetes/role/tenant-acme", "sys/storage/raft/snapshot", "sys/seal"]
)
def test_a_tenant_changes_nothing_of_vault(path: str) -> None:
    assert not _may("acme", path)


def test_the_configurator_manages_tenants_policies_and_reads_no_secret() -> None:
    def may(path: str) -> frozenset[str]:
        return capabilities([CONFIGURATION.document()], path)

    assert {"create", "update", "delete"} <= may("sys/policies/acl/tenant-acme") & may("auth/kubernetes/role/tenant-acme")
    for own in (
        *(f"sys/policies/acl/{policy.name}" for policy in OWN_POLICIES),
        *(f"auth/kubernetes/role/{role.name}" for role in OWN_ROLES),
    ):
        assert not may(own), "it cannot widen what it may itself do by name"
    for path in ("tenants/data/acme/database", "sys/audit/stdout", "sys/storage/raft/snapshot", "auth/token/create"):
        assert not may(path)


def test_what_takes_backups_does_nothing_else() -> None:
    assert capabilities([SNAPSHOT.document()], "sys/storage/raft/snapshot") == {"read"}
    assert not capabilities([SNAPSHOT.document()], "sys/storage/raft/snapshot-force")
    assert not capabilities([SNAPSHOT.document()], "tenants/data/acme/database")


def test_pods_of_one_service_account_sign_in_as_their_tenant_and_get_its_policy_alone() -> None:
    role = json.loads(tenant_role(TenantAccess(tenant="acme", namespace="tenant-acme", service_account="app")).document())
    assert (role["bound_service_account_namespaces"], role["bound_service_account_names"]) == (["tenant-acme"], ["app"])
    assert role["token_policies"] == [tenant_policy("acme").name] == ["tenant-acme"]
    assert role["audience"] == "vault", "a token made for the Kubernetes API opens nothing here"
    assert role["token_max_ttl"] == "60m"


def test_the_judge_lets_the_most_specific_path_decide_alone() -> None:
    wide = Policy(name="wide", paths={"tenants/data/*": ("read",), "tenants/data/acme/*": ("deny",)}).document()
    assert capabilities([wide], "tenants/data/other/x") == {"read"}
    assert not capabilities([wide], "tenants/data/acme/x")
    segment = Policy(name="segment", paths={"tenants/data/+/shared": ("read",), "tenants/data/acme/shared": ("update",)}).document()
    assert capabilities([segment], "tenants/data/b/shared") == {"read"}
    assert capabilities([segment], "tenants/data/acme/shared") == {"update"}


@pytest.mark.parametrize("tenant", ["", "acme/", "*", "acme*", "../b", "Acme", "-a", "a-", "a" * 41, "+"])
def test_a_name_that_could_stand_for_anothers_path_is_refused(tenant: str) -> None:
    with pytest.raises(ValueError, match="tenant must be up to 40"):
        TenantAccess(tenant=tenant, namespace="n", service_account="app")


def test_policies_over_everything_and_roles_for_everybody_are_refused() -> None:
    with pytest.raises(ValueError, match="begins with the name of what it opens"):
        Policy(name="all", paths={"*": ("read",)})
    with pytest.raises(ValueError, match="one service account of one namespace"):
        Role(name="all", namespace="*", service_account="app", policies=())
    with pytest.raises(ValueError, match="not 'default'"):
        Role(name="all", namespace="n", service_account="default", policies=())
