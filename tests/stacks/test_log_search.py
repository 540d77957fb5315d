"""Search over a region's logs, as its stack builds it."""

import json
from functools import cache
from typing import Any

import pytest

from components.platform.storage_class import StorageClass, StorageClassArgs
from config.load import load
from stacks.cluster_services import build_cluster_services
from stacks.compose import context_of
from stacks.foundation import build_foundation
from stacks.log_search import build_log_search, lifecycles, nodes
from stacks.platform import cluster_site
from tests.kit.custom_resources import custom_resources, findings
from tests.kit.policy_judge import Request, allowed
from tests.kit.recorder import Graph, record
from tests.kit.sites import exports

STACK = "eu-west-1"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"


@cache
def _search() -> Graph:
    def program() -> Any:
        settings = load(STACK)
        context = context_of(settings)
        site = cluster_site(settings, context, build_foundation(settings, context), exports(), "Z0")
        storage = StorageClass("storage", context, StorageClassArgs(key_arn="arn:aws:kms:eu-west-1:123456789012:key/1"), opts=site.opts())
        build_log_search(site, build_cluster_services(site), storage)
        return nodes(site)

    return record(program, stack=STACK)


def _flows(direction: str, namespace: str) -> list[tuple[dict[str, str], Any, list[int]]]:
    found = []
    for each in _search().of_type(POLICY):
        spec = each.inputs["spec"]
        for rule in spec.get(direction, []):
            if each.inputs["metadata"]["namespace"] == namespace and rule.get("ports"):
                peers = rule["from" if direction == "ingress" else "to"]
                found.append((spec["podSelector"].get("matchLabels", {}), peers, [port["port"] for port in rule["ports"]]))
    return found


def test_the_nodes_are_as_many_as_the_arithmetic_says_and_hold_what_comes() -> None:
    graph = _search()
    planned = graph.result
    sets = {each["name"]: each["count"] for each in graph.named("log-search-elasticsearch").inputs["spec"]["nodeSets"]}
    assert (sets["hot"], sets["warm"]) == (planned.hot_nodes, planned.warm_nodes)
    assert sets["hot"] % len(load(STACK).plan.network.zones) == 0


def test_a_filebeat_reaches_logstash_and_nothing_else_of_the_search() -> None:
    inward = [(match, ports) for match, peers, ports in _flows("ingress", "logging") if "log-shippers" in json.dumps(peers)]
    assert [ports for _, ports in inward] == [[5044]]
    assert inward[0][0]["logstash.k8s.elastic.co/name"] == "logs"


def test_nobody_outside_the_cluster_reaches_any_of_it_but_the_kubernetes_api_its_webhook() -> None:
    outside = [ports for _, peers, ports in _flows("ingress", "logging") if "ipBlock" in json.dumps(peers)]
    assert outside == [[9443]]
    kibana = [peers for match, peers, _ in _flows("ingress", "logging") if "kibana.k8s.elastic.co/name" in match]
    assert kibana == [], "people come by a forwarded port, which enters at the pod itself"


def test_snapshots_go_to_a_bucket_of_their_own_that_elasticsearch_alone_is_let_into() -> None:
    graph = _search()
    bucket = graph.named("log-snapshots-bucket").inputs["bucket"]
    found = json.loads(graph.named("log-settings-documents").inputs["data"]["3._snapshot.snapshots.json"])
    assert found["settings"]["bucket"] == bucket == "morefocus-prod-euw1-log-snapshots"
    policy = str(graph.named("log-search-identity-policy").inputs["policy"])
    request = Request(action="s3:PutObject", resource=f"arn:aws:s3:::{bucket}/elasticsearch/x", principal="x")
    assert allowed(policy, request)
    association = graph.named("log-search-identity-association").inputs
    assert association["serviceAccount"] == graph.named("log-search-elasticsearch").inputs["spec"]["serviceAccountName"]


def test_every_password_comes_from_a_row_of_the_catalogue() -> None:
    settings = load(STACK)
    prefix = context_of(settings).prefix
    for each in _search().of_type("kubernetes:external-secrets.io/v1:ExternalSecret"):
        if each.inputs["metadata"]["namespace"] == "logging":
            for entry in each.inputs["spec"]["data"]:
                row = settings.catalogue.integrations[entry["remoteRef"]["key"].removeprefix(f"{prefix}-")]
                assert entry["remoteRef"]["property"] in row.holds and row.is_kept


@pytest.mark.parametrize("kind", ["audit", "application", "platform"])
def test_a_stream_is_kept_as_long_as_the_plan_says(kind: str) -> None:
    plan = load(STACK).plan.platform.logs
    found = {stream.value: lifecycle for stream, lifecycle in lifecycles(plan).items()}
    assert found[kind].delete_days == getattr(plan, kind).delete_days


def test_its_objects_are_what_their_operators_define() -> None:
    found = [each for each in custom_resources(_search()) if each.inputs["metadata"].get("namespace") in ("logging", "log-shippers")]
    assert {each.inputs["kind"] for each in found} == {"Beat", "Certificate", "Elasticsearch", "ExternalSecret", "Kibana", "Logstash"}
    assert findings(found) == []
