"""What one tenant gets."""

import json
from typing import Any

from components.products.tenant.tenant import Tenant, TenantArgs, TenantDatabase
from config.vocabulary import Tier
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record

QUOTA = {"requests.cpu": "4", "services": "5"}
DATABASE = TenantDatabase(
    host="pgbouncer.pgbouncer.svc.cluster.local",
    name="main-starter",
    schema="tenant_acme",
    pooler_namespace="pgbouncer",
    pooler_pods={"app.kubernetes.io/name": "pgbouncer"},
)
MOST_RESOURCES = 26
"""Thousands of tenants are previewed: what one costs is counted."""


def _made(name: str = "acme", **more: Any) -> Graph:
    args = {
        "tenant": name,
        "tier": Tier.STARTER,
        "quota": QUOTA,
        "cluster_name": "cluster",
        "cluster_arn": "arn:aws:eks:us-east-1:123456789012:cluster/cluster",
        "database": DATABASE,
        "key_arn": "arn:key",
        "credentials_key_arn": "arn:credentials",
        "log_bucket": "logs",
    }
    return record(lambda: Tenant(f"tenant-{name}", a_context(), TenantArgs(**{**args, **more})))


def test_its_namespace_is_closed_counted_and_says_whose_it_is() -> None:
    graph = _made()
    labels = graph.named("tenant-acme-namespace").inputs["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"
    assert labels["morefocus.com/tenant"] == "acme" and labels["morefocus.com/tier"] == "starter"
    assert labels["morefocus.com/alert-route"] == "tenant-starter" and "morefocus.com/node-pool" not in labels
    assert graph.one("kubernetes:core/v1:ResourceQuota").inputs["spec"]["hard"] == QUOTA
    assert graph.named("tenant-acme-deny").inputs["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    (limits,) = graph.one("kubernetes:core/v1:LimitRange").inputs["spec"]["limits"]
    assert limits["default"] and limits["defaultRequest"]


def test_its_pods_reach_the_poolers_their_credentials_and_the_web_and_nothing_reaches_them() -> None:
    spec = _made().named("tenant-acme-flows").inputs["spec"]
    assert spec["policyTypes"] == ["Egress"] and "ingress" not in spec
    reached = {rule["ports"][0]["port"]: rule["to"][0] for rule in spec["egress"]}
    assert set(reached) == {5432, 80, 443}
    assert reached[5432]["podSelector"]["matchLabels"] == {"app.kubernetes.io/name": "pgbouncer"}
    assert reached[80]["ipBlock"] == {"cidr": "169.254.170.23/32"}
    assert reached[443]["ipBlock"] == {"cidr": "0.0.0.0/0", "except": ["169.254.0.0/16"]}


def test_its_bucket_is_private_encrypted_tagged_and_shut_to_other_tenants() -> None:
    graph = _made()
    bucket = graph.one("aws:s3/bucket:Bucket").inputs
    assert bucket["bucket"] == "morefocus-prod-use1-tenant-acme"
    assert bucket["tags"]["tenant"] == "acme" and bucket["tags"]["data-class"] == "personal" and bucket["tags"]["backup"] == "six-hourly"
    policy = json.loads(graph.one("aws:s3/bucketPolicy:BucketPolicy").inputs["policy"])
    assert "OtherTenants" in {statement["Sid"] for statement in policy["Statement"]}


def test_its_password_is_made_up_kept_and_never_made_again() -> None:
    one, other = (json.loads(_made().one("aws:secretsmanager/secretVersion:SecretVersion").inputs["secretString"]) for _ in "ab")
    assert one["username"] == "tenant_acme" and len(one["password"]) == 40 and one["password"] != other["password"]
    graph = _made()
    assert graph.one("aws:secretsmanager/secretVersion:SecretVersion").ignore_changes == ("secretString",)
    assert graph.one("aws:secretsmanager/secret:Secret").inputs["name"] == "morefocus-prod-use1-tenants/acme/database"


def test_no_secret_of_it_is_in_the_cluster_and_no_token_is_mounted() -> None:
    graph = _made()
    assert not [each for each in graph.resources if each.type.startswith("kubernetes:") and "Secret" in each.type.rpartition(":")[2]]
    assert graph.one("kubernetes:core/v1:ServiceAccount").inputs["automountServiceAccountToken"] is False
    assert "password" not in str(graph.named("tenant-acme-facts").inputs).lower()


def test_its_role_serves_its_own_service_account_alone() -> None:
    graph = _made()
    trust = json.loads(graph.one("aws:iam/role:Role").inputs["assumeRolePolicy"])
    equal = trust["Statement"][0]["Condition"]["StringEquals"]
    assert equal["aws:RequestTag/kubernetes-namespace"] == "tenant-acme"
    assert equal["aws:RequestTag/kubernetes-service-account"] == graph.one("kubernetes:core/v1:ServiceAccount").inputs["metadata"]["name"]


def test_what_has_nodes_of_its_own_says_so() -> None:
    labels = _made(node_pool="tenant-acme").named("tenant-acme-namespace").inputs["metadata"]["labels"]
    assert labels["morefocus.com/node-pool"] == "tenant-acme"


def test_what_holds_data_is_kept_from_being_deleted_unless_said_otherwise() -> None:
    kept = {each.name for each in _made().resources if each.protect}
    assert kept == {"tenant-acme-bucket", "tenant-acme-login"}
    assert not [each for each in _made(protect=False).resources if each.protect]


def test_a_tenant_costs_few_resources() -> None:
    assert len(_made().resources) <= MOST_RESOURCES


def test_two_tenants_share_no_name_of_anything() -> None:
    one, other = ({(each.type, each.name) for each in _made(name).resources} for name in ("acme", "acme-labs"))
    assert not one & other
