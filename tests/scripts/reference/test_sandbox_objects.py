"""The reference of the sandbox names every kind of objects, and what is waited for."""

from sandbox.provider.kubernetes import rollout
from scripts.reference import sandbox_coverage, sandbox_objects


def test_every_kind_of_the_estates_version_is_on_the_page_once() -> None:
    page = sandbox_objects.render()
    assert page.count("Deployment (v1)") == 1
    assert "| `networking.k8s.io` |" in page
    assert "NetworkPolicy (v1)" in page
    assert "DeploymentList" not in page


def test_what_is_told_to_be_waited_for_is_waited_for() -> None:
    assert rollout.AWAITED.keys() == rollout.awaited()
    page = sandbox_objects.render()
    assert "**Deployment (v1)**, all pods of this revision and available" in page


def test_objects_are_part_of_the_sandboxs_page() -> None:
    assert sandbox_coverage.render().endswith(sandbox_objects.render() + "\n")
