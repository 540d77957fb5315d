"""Vault of a region, as its stack builds it."""

import json
from functools import cache
from typing import Any

from components.platform.storage_class import StorageClass, StorageClassArgs
from config.load import load
from stacks.cluster_services import build_cluster_services
from stacks.compose import context_of
from stacks.foundation import build_foundation
from stacks.platform import cluster_site
from stacks.tenants import build_tenants
from stacks.vault import build_vault, tenant_access
from tests.kit.policy_judge import Request, allowed
from tests.kit.recorder import Graph, record
from tests.kit.sites import exports

STACK = "eu-west-1"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"


@cache
def _vault() -> Graph:
    def program() -> Any:
        settings = load(STACK)
        context = context_of(settings)
        site = cluster_site(settings, context, build_foundation(settings, context), exports(), "Z0")
        storage = StorageClass("storage", context, StorageClassArgs(key_arn="arn:aws:kms:eu-west-1:123456789012:key/1"), opts=site.opts())
        build_vault(site, build_cluster_services(site), storage, build_tenants(site, "pooler.example.org"))
        return tenant_access(site)

    return record(program, stack=STACK)


def _policy_of(name: str) -> str:
    return str(_vault().named(f"{name}-policy").inputs["policy"])


def test_the_servers_alone_use_their_key_and_the_jobs_do_not() -> None:
    graph = _vault()
    role = graph.named("vault-identity-role").inputs["name"]
    key = graph.named("vault-seal-key")
    request = Request(
        action="kms:Decrypt",
        resource=str(key.answered["arn"]),
        principal=f"arn:aws:iam::123456789012:role/{role}",
        context={"aws:PrincipalArn": f"arn:aws:iam::123456789012:role/{role}"},
    )
    assert allowed(str(key.inputs["policy"]), request) and allowed(_policy_of("vault-identity"), request)
    assert not allowed(_policy_of("vault-snapshots"), request)


def test_the_configuration_names_the_alias_that_the_key_has() -> None:
    graph = _vault()
    values = graph.named("vault-release").inputs["values"]
    config = json.loads(values["server"]["ha"]["raft"]["config"])
    assert config["seal"]["awskms"]["kms_key_id"] == graph.named("vault-seal-alias").inputs["name"]


def test_snapshots_go_to_the_backups_of_the_region_and_nowhere_else() -> None:
    put = Request(action="s3:PutObject", resource="arn:aws:s3:::morefocus-prod-euw1-backups/vault/x.snap", principal="x")
    other = Request(action="s3:PutObject", resource="arn:aws:s3:::morefocus-prod-euw1-files/vault/x.snap", principal="x")
    assert allowed(_policy_of("vault-snapshots"), put) and not allowed(_policy_of("vault-snapshots"), other)


def test_every_tenant_of_the_region_reaches_vault_and_has_its_policy() -> None:
    graph = _vault()
    access = graph.result
    assert access
    documents = graph.named("vault-configuration-documents").inputs["data"]
    for each in access:
        assert f"policy.tenant-{each.tenant}.json" in documents
        (account,) = json.loads(documents[f"role.tenant-{each.tenant}.json"])["bound_service_account_names"]
        accounts = [found.inputs["metadata"] for found in graph.of_type("kubernetes:core/v1:ServiceAccount")]
        assert (each.namespace, account) in {(found["namespace"], found["name"]) for found in accounts}
        out = graph.named(f"{each.namespace}-to-vault-out").inputs
        assert out["metadata"]["namespace"] == each.namespace
        assert out["spec"]["egress"][0]["ports"] == [{"port": 8200, "protocol": "TCP"}]


def test_nobody_outside_the_cluster_reaches_vault() -> None:
    inward = [
        rule
        for each in _vault().of_type(POLICY)
        if each.inputs["metadata"]["namespace"] == "vault"
        for rule in each.inputs["spec"].get("ingress", [])
    ]
    assert inward
    assert all("ipBlock" not in peer for rule in inward for peer in rule["from"])
