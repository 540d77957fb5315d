from typing import Any

from components.platform.cert_manager import CertManager, CertManagerArgs, CertManagerImages
from tests.components.platform.made import DIGEST, a_chart, an_image, assert_restricted, assert_sized, values_of
from tests.kit.contexts import a_context
from tests.kit.recorder import record

PARTS = ("webhook", "cainjector")


def _values() -> dict[str, Any]:
    args = CertManagerArgs(
        chart=a_chart(),
        images=CertManagerImages(
            controller=an_image("controller"),
            webhook=an_image("webhook"),
            injector=an_image("injector"),
            startup_check=an_image("check"),
            solver=an_image("solver"),
        ),
        namespace="cert-manager",
        name_server="172.20.0.10:53",
        priority_class="platform",
    )
    return values_of(record(lambda: CertManager("cert-manager", a_context(), args)))


def test_proofs_are_looked_up_where_pods_may_ask() -> None:
    values = _values()
    assert values["dns01RecursiveNameserversOnly"] is True
    assert values["dns01RecursiveNameservers"] == "172.20.0.10:53"


def test_what_stands_on_its_definitions_outlives_a_release_that_is_undone() -> None:
    assert _values()["crds"] == {"enabled": True, "keep": True}


def test_each_program_has_two_replicas_apart_of_which_one_stays() -> None:
    values = _values()
    for part in (values, *(values[name] for name in PARTS)):
        assert part["replicaCount"] == 2
        assert part["podDisruptionBudget"] == {"enabled": True, "minAvailable": 1}
        assert part["topologySpreadConstraints"][0]["labelSelector"]["matchLabels"]
    spreads = [str(part["topologySpreadConstraints"]) for part in (values, *(values[name] for name in PARTS))]
    assert len(set(spreads)) == 3, "each program is spread by labels of its own"


def test_every_program_may_do_little_and_is_pinned() -> None:
    values = _values()
    for part in (values, *(values[name] for name in (*PARTS, "startupapicheck"))):
        assert_restricted(part["securityContext"], part["containerSecurityContext"])
        assert_sized(part["resources"])
    images = [values["image"], *(values[name]["image"] for name in (*PARTS, "startupapicheck", "acmesolver"))]
    assert [image["repository"].rpartition("/")[2] for image in images] == ["controller", "webhook", "injector", "check", "solver"]
    assert all(image["tag"] == f"1.2.3@{DIGEST}" for image in images)


def test_it_writes_nothing_into_a_namespace_that_is_not_its_own() -> None:
    assert _values()["global"]["leaderElection"] == {"namespace": "cert-manager"}
