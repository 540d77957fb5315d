import json

import pytest

from components.platform.vault.configuration import VaultConfiguration, VaultConfigurationArgs, documents
from components.platform.vault.policies import TenantAccess
from tests.kit.contexts import a_context
from tests.kit.recorder import record


def _args(*tenants: str) -> VaultConfigurationArgs:
    access = tuple(TenantAccess(tenant=each, namespace=f"tenant-{each}", service_account="app") for each in tenants)
    return VaultConfigurationArgs(namespace="vault", image="v:1", priority_class="batch", tenants=access)


def test_each_tenant_has_a_policy_and_a_role_as_files_of_one_name() -> None:
    found = documents(_args("beta", "acme"))
    assert sorted(found) == ["policy.tenant-acme.json", "policy.tenant-beta.json", "role.tenant-acme.json", "role.tenant-beta.json"]
    assert json.loads(found["role.tenant-acme.json"])["token_policies"] == ["tenant-acme"]


def test_a_thousand_tenants_fit_into_one_config_map_and_too_many_are_refused() -> None:
    assert len(documents(_args(*(f"customer-{number:04}-of-the-estate" for number in range(1000))))) == 2000
    with pytest.raises(ValueError, match="split the config map"):
        documents(_args(*(f"customer-{number:04}-of-the-estate" for number in range(2000))))


def test_the_job_reads_the_documents_and_the_first_steps_are_at_hand() -> None:
    graph = record(lambda: VaultConfiguration("vault-configuration", a_context(), _args("acme")))
    pod = graph.one("kubernetes:batch/v1:CronJob").inputs["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    (volume,) = [each for each in pod["volumes"] if each["name"] == "documents"]
    assert volume["configMap"]["name"] == graph.named("vault-configuration-documents").inputs["metadata"]["name"]
    assert graph.named("vault-configuration-bootstrap").inputs["data"]["bootstrap.sh"].startswith("set -eu")


def test_no_recovery_key_and_no_token_is_in_the_graph() -> None:
    graph = record(lambda: VaultConfiguration("vault-configuration", a_context(), _args("acme")))
    text = str([each.inputs for each in graph.resources])
    assert "recovery" not in text.lower() and "hvs." not in text


def test_two_tenants_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="acme would share one path"):
        _args("acme", "acme")
