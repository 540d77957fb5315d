import json

from components.platform.kube import ClusterApi, ClusterApiArgs, kubeconfig
from components.platform.labels import labels
from components.platform.namespace import Namespace, NamespaceArgs
from config.vocabulary import Region
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record

PROVIDER = "pulumi:providers:kubernetes"


def _graph() -> Graph:
    def program() -> None:
        context = a_context(Region.EU_WEST_1)
        args = ClusterApiArgs(cluster_name="morefocus-prod-euw1-cluster", endpoint="https://api.example.org", certificate_authority="Q0E=")
        api = ClusterApi("cluster-api", context, args)
        Namespace("tools", context, NamespaceArgs(namespace="tools"), opts=api.opts())

    return record(program)


def test_the_credentials_are_those_of_the_run_and_stand_in_no_file() -> None:
    known = json.loads(kubeconfig("x", "https://api.example.org", "Q0E=", region="eu-west-1"))
    (user,) = known["users"]
    assert set(user["user"]) == {"exec"}
    called = user["user"]["exec"]
    assert [called["command"], *called["args"]] == [
        *("aws", "eks", "get-token", "--cluster-name", "x", "--region", "eu-west-1", "--output", "json")
    ]
    assert called["interactiveMode"] == "Never"


def test_the_api_server_proves_itself_by_the_clusters_own_certificate() -> None:
    known = json.loads(kubeconfig("x", "https://api.example.org", "Q0E=", region="eu-west-1"))
    assert known["clusters"] == [{"name": "x", "cluster": {"server": "https://api.example.org", "certificate-authority-data": "Q0E="}}]
    assert known["current-context"] == known["contexts"][0]["name"] == "x"


def test_a_new_address_of_the_same_cluster_replaces_nothing() -> None:
    provider = _graph().one(PROVIDER)
    assert provider.inputs["clusterIdentifier"] == "morefocus-prod-euw1-cluster"


def test_objects_are_applied_by_the_server_so_that_conflicts_are_told() -> None:
    assert _graph().one(PROVIDER).inputs["enableServerSideApply"] == "true"


def test_what_is_given_its_options_stands_in_this_cluster() -> None:
    graph = _graph()
    provider = graph.one(PROVIDER)
    objects = [each for each in graph.resources if each.type.startswith("kubernetes:")]
    assert objects and all(each.provider.startswith(provider.urn) for each in objects)
    assert labels(a_context(), "tools").items() <= objects[0].inputs["metadata"]["labels"].items()
