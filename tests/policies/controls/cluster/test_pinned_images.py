"""Images that may be another tomorrow."""

import pytest

from tests.kit.policies import Mutation, catches, lets_pass

DEPLOYMENT, CRON = "kubernetes:apps/v1:Deployment", "kubernetes:batch/v1:CronJob"
IMAGE = "spec.template.spec.containers.0.image"
DIGEST = "sha256:" + "0123456789abcdef" * 4

CAUGHT = [
    Mutation("an image is left out", lambda draft: draft.one(DEPLOYMENT, "api-probes-deployment").drop(IMAGE)),
    Mutation(
        "an image floats",
        lambda draft: draft.one(DEPLOYMENT, "api-probes-deployment").set(IMAGE, "quay.io/prometheus/blackbox-exporter:v0.28.0"),
    ),
    Mutation(
        "an image is the latest, also by digest",
        lambda draft: draft.one(DEPLOYMENT, "api-probes-deployment").set(IMAGE, f"quay.io/prometheus/blackbox-exporter:latest@{DIGEST}"),
    ),
    Mutation(
        "an image of a job floats", lambda draft: draft.one(CRON).set("spec.jobTemplate.spec.template.spec.containers.0.image", "curl")
    ),
    Mutation(
        "what comes first floats",
        lambda draft: draft.one(DEPLOYMENT, "api-probes-deployment").set("spec.template.spec.initContainers", [{"image": "busybox:1"}]),
    ),
    Mutation("a digest is cut", lambda draft: draft.one(DEPLOYMENT, "api-probes-deployment").set(IMAGE, f"quay.io/a@{DIGEST[:-1]}")),
]
SPARED = [
    Mutation(
        "an image has a digest",
        lambda draft: draft.one(DEPLOYMENT, "api-probes-deployment").set(IMAGE, f"quay.io/prometheus/blackbox-exporter:v0.28.0@{DIGEST}"),
    ),
    Mutation(
        "an image has a digest alone", lambda draft: draft.one(DEPLOYMENT, "api-probes-deployment").set(IMAGE, f"quay.io/latest@{DIGEST}")
    ),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("K8S-04", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("K8S-04", mutation)
