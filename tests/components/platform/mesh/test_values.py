from typing import Any

from components.platform.mesh.values import MeshImages, ProxyShare, base_values, discovery_values, mesh_config, plugin_values

IMAGES = MeshImages(discovery="r/pilot:1@sha256:a", proxy="r/proxyv2:1@sha256:b", plugin="r/install-cni:1@sha256:c")


def _discovery(**changes: Any) -> dict[str, Any]:
    return discovery_values(IMAGES, ProxyShare(), **({"replicas": 2, "most": 5} | changes))


def test_every_image_is_the_pinned_one() -> None:
    values = _discovery()
    assert values["image"] == IMAGES.discovery
    assert values["global"]["proxy"]["image"] == values["global"]["proxy_init"]["image"] == IMAGES.proxy
    assert plugin_values(IMAGES)["image"] == IMAGES.plugin
    # The charts take an image as it is only when it holds a slash; otherwise they put their own registry and tag around it.
    assert all("/" in image for image in (IMAGES.discovery, IMAGES.proxy, IMAGES.plugin))


def test_pods_of_the_mesh_need_no_right_on_the_network_and_stay_restricted() -> None:
    values = _discovery()
    assert values["cni"] == {"enabled": True}
    assert values["seccompProfile"] == values["global"]["proxy"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert values["global"]["proxy"]["privileged"] is False


def test_nothing_outside_is_reached_by_default_and_proxies_speak_tls_1_3() -> None:
    config = mesh_config()
    assert config["outboundTrafficPolicy"] == {"mode": "REGISTRY_ONLY"}
    assert config["meshMTLS"] == {"minProtocolVersion": "TLSV1_3"}
    assert _discovery()["meshConfig"] == config


def test_certificates_of_services_live_a_day_and_a_renewed_authority_needs_no_restart() -> None:
    env = _discovery()["env"]
    assert env["MAX_WORKLOAD_CERT_TTL"] == env["DEFAULT_WORKLOAD_CERT_TTL"] == "24h"
    assert env["AUTO_RELOAD_PLUGIN_CERTS"] == "true"
    assert all(isinstance(value, str) for value in env.values())


def test_the_control_plane_grows_with_its_proxies_between_its_limits() -> None:
    values = _discovery(replicas=3, most=7)
    assert (values["autoscaleMin"], values["autoscaleMax"]) == (3, 7)
    assert values["pdb"]["minAvailable"] == 1
    (spread,) = values["topologySpreadConstraints"]
    assert spread["topologyKey"] == "topology.kubernetes.io/zone"


def test_a_proxy_takes_what_it_was_given() -> None:
    values = discovery_values(IMAGES, ProxyShare(cpu_request="20m", memory_limit="128Mi"), replicas=2, most=2)
    resources = values["global"]["proxy"]["resources"]
    assert (resources["requests"]["cpu"], resources["limits"]["memory"]) == ("20m", "128Mi")


def test_definitions_are_checked_where_they_are_written() -> None:
    assert base_values("istio-system")["defaultRevision"] == "default"
