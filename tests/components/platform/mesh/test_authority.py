import pytest

from components.platform.mesh.authority import MeshAuthority, MeshAuthorityArgs
from tests.kit.contexts import a_context
from tests.kit.custom_resources import custom_resources, findings
from tests.kit.recorder import Graph, record

CERTIFICATE = "kubernetes:cert-manager.io/v1:Certificate"


def _authority() -> Graph:
    return record(lambda: MeshAuthority("authority", a_context(), MeshAuthorityArgs(namespace="istio-system")))


def test_the_authority_gets_a_new_key_every_two_months_under_a_root_that_stays() -> None:
    graph = _authority()
    root = graph.one(CERTIFICATE, "authority-root").inputs["spec"]
    signer = graph.one(CERTIFICATE, "authority-authority").inputs["spec"]
    assert root["isCA"] and signer["isCA"]
    assert root["privateKey"]["rotationPolicy"] == "Never" and signer["privateKey"]["rotationPolicy"] == "Always"
    assert (signer["duration"], signer["renewBefore"]) == ("2160h", "720h")
    assert signer["issuerRef"]["name"] == root["secretName"]


def test_the_control_plane_finds_the_authority_by_the_name_that_it_looks_for() -> None:
    graph = _authority()
    component = graph.named("authority")
    assert graph.outputs_of(component)["authority"] == "cacerts"
    assert graph.one(CERTIFICATE, "authority-authority").inputs["spec"]["secretName"] == "cacerts"


def test_its_objects_are_what_cert_manager_defines() -> None:
    found = custom_resources(_authority())
    assert len(found) == 4
    assert findings(found) == []


def test_an_authority_that_outlives_its_root_or_is_renewed_too_late_is_refused() -> None:
    with pytest.raises(ValueError, match="renew_before_days < authority_days"):
        MeshAuthorityArgs(namespace="istio-system", renew_before_days=90)
    with pytest.raises(ValueError, match="authority_days < root_days"):
        MeshAuthorityArgs(namespace="istio-system", root_days=90)
