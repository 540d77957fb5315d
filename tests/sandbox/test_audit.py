"""References that lead nowhere are found in what a state holds."""

from sandbox.audit import dangling
from sandbox.engine.stacks import Held
from tests.sandbox.provider.kubernetes.manifests import container, deployment, pod_spec

NEEDS_SECRET = deployment(spec=pod_spec(container(envFrom=[{"secretRef": {"name": "key"}}])))
DEPLOYMENT = Held("urn:web", "kubernetes:apps/v1:Deployment", "shop/web", NEEDS_SECRET)
CHART = Held("urn:chart", "kubernetes:helm.sh/v3:Release", "shop/chart", {"name": "chart", "namespace": "shop"})
BUCKET = Held("urn:bucket", "aws:s3/bucket:Bucket", "bucket", {})


def test_an_object_that_points_at_nothing_is_told_with_its_place() -> None:
    (words,) = dangling([BUCKET, DEPLOYMENT])
    assert words.startswith("Deployment shop/web: spec.template.spec.containers[0].envFrom[0].secretRef.name: there is no Secret key")


def test_what_a_chart_may_bring_is_not_missed() -> None:
    assert dangling([DEPLOYMENT, CHART]) == []


def test_a_stack_without_objects_has_nothing_to_tell() -> None:
    assert dangling([BUCKET]) == []
