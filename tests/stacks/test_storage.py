from typing import Any

from config.load import load
from stacks.compose import context_of
from stacks.foundation import build_foundation
from stacks.platform import cluster_site
from stacks.storage import build_storage
from tests.kit.recorder import record
from tests.kit.sites import exports


def test_volumes_of_pods_are_under_the_key_that_the_driver_may_use() -> None:
    def program() -> Any:
        settings = load("eu-west-1")
        context = context_of(settings)
        build_storage(cluster_site(settings, context, build_foundation(settings, context), exports(), "Z0"))

    graph = record(program, stack="eu-west-1")
    made = graph.one("kubernetes:storage.k8s.io/v1:StorageClass").inputs
    assert made["parameters"]["kmsKeyId"] == graph.named("keys-operational-key").answered["arn"]
