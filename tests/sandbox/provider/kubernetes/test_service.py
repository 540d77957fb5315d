"""Objects through the plugin's own protocol, from nothing to nothing."""

from __future__ import annotations

from typing import Any

import grpc
import pytest

from sandbox.protos import provider_pb2
from sandbox.provider.values import UNKNOWN, to_struct
from tests.kit.cloud import EmulatedCloud
from tests.kit.kubernetes_plugin import Engine, Refused, cluster, kubeconfig
from tests.sandbox.provider.kubernetes.manifests import config_map, container, deployment, namespace, pod_spec

SOME, NONE = provider_pb2.DiffResponse.DIFF_SOME, provider_pb2.DiffResponse.DIFF_NONE


def held(cloud: EmulatedCloud, engine: Engine, kind: str) -> list[dict[str, Any]]:
    server = f"{cloud.boto('eks').describe_cluster(name='estate')['cluster']['endpoint']}"
    found: list[dict[str, Any]] = cloud.ask("POST", "/sandbox-api/kubernetes/list", {"server": server, "kinds": [kind]})["objects"]
    return found


def test_an_object_goes_through_its_whole_life(engine: Engine, emulated_cloud: EmulatedCloud) -> None:
    engine.create(namespace())
    made = engine.create(deployment())
    assert made.id == "shop/web"
    assert made.outputs["metadata"]["uid"]
    assert (made.outputs["__heldBy"], made.outputs["__support"]) == ("emulated", "partly")
    assert held(emulated_cloud, engine, "Deployment")[0]["spec"]["replicas"] == 2

    assert engine.diff(made, deployment()).changes == NONE
    changed = engine.diff(made, deployment(replicas=3))
    assert (changed.changes, list(changed.diffs), list(changed.replaces)) == (SOME, ["spec.replicas"], [])
    after = engine.update(made, deployment(replicas=3))
    assert after.outputs["metadata"]["uid"] == made.outputs["metadata"]["uid"]
    assert after.outputs["metadata"]["generation"] == 2
    assert held(emulated_cloud, engine, "Deployment")[0]["spec"]["replicas"] == 3

    engine.delete(after)
    assert engine.read(after) is None
    engine.delete(after)


def test_a_preview_makes_nothing_and_knows_the_name(engine: Engine, emulated_cloud: EmulatedCloud) -> None:
    shown = engine.preview(deployment())
    assert shown["metadata"]["name"] == "web"
    assert held(emulated_cloud, engine, "Deployment") == []


def test_what_is_not_known_yet_is_neither_judged_nor_lost(engine: Engine) -> None:
    shown = engine.preview(deployment(spec=pod_spec(container(image=UNKNOWN))))
    assert shown["spec"]["template"]["spec"]["containers"][0]["image"] is UNKNOWN


def test_every_wrong_field_is_named_at_once(engine: Engine) -> None:
    wrong = deployment(spec=pod_spec(container(imagePullPolicy="Sometimes", comand=["x"])))
    wrong["spec"]["replica"] = 3
    with pytest.raises(Refused) as caught:
        engine.check(wrong)
    assert set(caught.value.failures) == {
        "spec.replica",
        "spec.template.spec.containers[0].comand",
        "spec.template.spec.containers[0].imagePullPolicy",
    }
    assert "did you mean replicas" in caught.value.failures["spec.replica"]


def test_an_object_without_a_name_is_named_once_for_all_later_runs(engine: Engine) -> None:
    engine.create(namespace())
    nameless = config_map(colour="blue")
    del nameless["metadata"]["name"]
    made = engine.create(nameless, name="settings")
    name = made.inputs["metadata"]["name"]
    assert name.startswith("settings-")
    assert len(name) == len("settings-") + 8
    assert made.inputs["metadata"]["annotations"] == {"pulumi.com/autonamed": "true"}
    assert engine.check(nameless, olds=made.inputs, name="settings")["metadata"]["name"] == name
    assert engine.diff(made, nameless).changes == NONE


def test_a_replacement_of_the_same_name_waits_for_the_old_objects_end(engine: Engine) -> None:
    engine.create(namespace())
    made = engine.create(deployment())
    other = deployment()
    other["spec"]["selector"]["matchLabels"] = other["spec"]["template"]["metadata"]["labels"] = {"app": "shop"}
    changed = engine.diff(made, other)
    assert changed.deleteBeforeReplace
    assert set(changed.replaces) == {"spec.selector.matchLabels.app"}
    renamed = engine.diff(made, deployment("shop"))
    assert "metadata.name" in renamed.replaces
    assert not renamed.deleteBeforeReplace


def test_a_secrets_texts_are_kept_encoded_and_marked_secret(engine: Engine, emulated_cloud: EmulatedCloud) -> None:
    engine.create(namespace())
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "key", "namespace": "shop"}, "stringData": {"key": "value"}}
    made = engine.create(secret)
    assert made.outputs["data"] == {"key": "dmFsdWU="}
    wrapped = made.raw.fields["data"].struct_value.fields
    assert wrapped["4dabf18193072939515e22adb298388d"].string_value == "1b47061264138c4ac30d75fd1eb44270"
    assert engine.diff(made, secret).changes == NONE
    read = engine.read(made)
    assert read is not None
    assert read.inputs == made.inputs


def test_drift_is_read_back_into_the_inputs_and_nothing_else_is(engine: Engine, emulated_cloud: EmulatedCloud) -> None:
    engine.create(namespace())
    made = engine.create(deployment())
    untouched = engine.read(made)
    assert untouched is not None
    assert untouched.inputs == made.inputs
    server = emulated_cloud.boto("eks").describe_cluster(name="estate")["cluster"]["endpoint"]
    place = {"group": "apps", "kind": "Deployment", "namespace": "shop", "name": "web"}
    drifted = {**deployment(replicas=5), "status": {"replicas": 5}}
    emulated_cloud.ask(
        "POST", "/sandbox-api/kubernetes/put", {"server": server, "place": place, "object": drifted, "owner": "", "new": False}
    )
    read = engine.read(made)
    assert read is not None
    assert read.inputs == {**made.inputs, "spec": {**made.inputs["spec"], "replicas": 5}}


def test_an_object_in_a_namespace_that_is_not_there_is_refused(engine: Engine) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        engine.create(deployment())
    assert "there is no namespace shop" in str(caught.value.details())


def test_two_resources_cannot_have_one_object(engine: Engine) -> None:
    engine.create(namespace())
    engine.create(config_map(), name="first")
    with pytest.raises(grpc.RpcError) as caught:
        engine.create(config_map(), name="second")
    assert "ConfigMap shop/settings exists already: first has it" in str(caught.value.details())


def test_a_creation_that_the_engine_lost_is_taken_up(engine: Engine, emulated_cloud: EmulatedCloud) -> None:
    engine.create(namespace())
    lost = engine.create(config_map(), seen=False)
    assert engine.create(config_map()).outputs["metadata"]["uid"] == lost.outputs["metadata"]["uid"]


def test_a_lost_creation_of_another_name_is_ended_before_a_new_one_is_made(engine: Engine, emulated_cloud: EmulatedCloud) -> None:
    engine.create(namespace())
    engine.create(config_map("before"), seen=False)
    engine.create(config_map("after"))
    assert [item["metadata"]["name"] for item in held(emulated_cloud, engine, "ConfigMap")] == ["after"]


def test_a_namespace_takes_its_objects_along(engine: Engine, emulated_cloud: EmulatedCloud) -> None:
    space = engine.create(namespace())
    engine.create(config_map())
    engine.delete(space)
    assert held(emulated_cloud, engine, "ConfigMap") == []


def test_what_cannot_change_in_place_is_refused_with_what_to_do(engine: Engine) -> None:
    urgent = {"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": {"name": "urgent"}, "value": 1000}
    made = engine.create(urgent)
    for preview in (True, False):
        with pytest.raises(grpc.RpcError) as caught:
            engine.update(made, {**urgent, "value": 2000}, preview=preview)
        assert "value cannot be changed once it is there" in str(caught.value.details())


def test_objects_are_judged_by_the_version_of_the_cluster_that_the_kubeconfig_names(engine: Engine, emulated_cloud: EmulatedCloud) -> None:
    budget = {"apiVersion": "policy/v1beta1", "kind": "PodDisruptionBudget", "metadata": {"name": "web"}, "spec": {"minAvailable": 1}}
    engine.configure(cluster(emulated_cloud, "older", version="1.34"))
    with pytest.raises(Refused) as caught:
        engine.check(budget)
    assert caught.value.failures["apiVersion"].startswith(
        "Kubernetes 1.34 does not serve policy/v1beta1 PodDisruptionBudget: take policy/v1"
    )


def test_a_kubeconfig_of_no_emulated_cluster_is_refused(engine: Engine) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        engine.configure(kubeconfig("https://elsewhere.example"))
    assert "no emulated cluster answers at https://elsewhere.example" in str(caught.value.details())


def test_a_configuration_that_is_not_known_yet_is_taken(running_plugin: Engine) -> None:
    checked = running_plugin.stub.CheckConfig(provider_pb2.CheckRequest(news=to_struct({"kubeconfig": UNKNOWN})))
    (failure,) = running_plugin.stub.CheckConfig(provider_pb2.CheckRequest(news=to_struct({"namespace": "x"}))).failures
    assert not checked.failures
    assert "no kubeconfig" in failure.reason


@pytest.mark.parametrize(
    ("olds", "news", "replaces"),
    [
        ({"kubeconfig": kubeconfig("https://a")}, {"kubeconfig": kubeconfig("https://a"), "namespace": "x"}, []),
        ({"kubeconfig": kubeconfig("https://a")}, {"kubeconfig": kubeconfig("https://b")}, ["kubeconfig"]),
        ({"kubeconfig": kubeconfig("https://a")}, {"kubeconfig": UNKNOWN}, ["kubeconfig"]),
        ({"kubeconfig": "a", "clusterIdentifier": "x"}, {"kubeconfig": UNKNOWN, "clusterIdentifier": "x"}, []),
        ({"kubeconfig": "a", "clusterIdentifier": "x"}, {"kubeconfig": "a", "clusterIdentifier": "y"}, ["clusterIdentifier"]),
    ],
)
def test_only_another_cluster_replaces_the_provider(
    running_plugin: Engine, olds: dict[str, Any], news: dict[str, Any], replaces: list[str]
) -> None:
    answer = running_plugin.stub.DiffConfig(provider_pb2.DiffRequest(old_inputs=to_struct(olds), news=to_struct(news)))
    assert list(answer.replaces) == replaces
