"""What a killed run left in a cluster is ended by the sweep after the next one."""

import grpc
import pytest

from sandbox.provider.recovery import sweep
from tests.kit.cloud import EmulatedCloud
from tests.kit.kubernetes_plugin import Engine
from tests.sandbox.provider.kubernetes.manifests import config_map, namespace


def test_an_object_that_no_state_knows_is_ended(engine: Engine, emulated_cloud: EmulatedCloud) -> None:
    space = engine.create(namespace())
    known = engine.create(config_map("known"), name="known", seen=False)
    orphan = engine.create(config_map("orphan"), name="orphan", seen=False)
    release = {"chart": "web", "name": "web", "namespace": "shop", "version": "1.0.0"}
    chart = engine.create(release, name="chart", token="kubernetes:helm.sh/v3:Release", seen=False)
    swept = sweep(emulated_cloud.endpoint, [(space.urn, space.id), (known.urn, known.id)])
    assert (swept.settled, swept.failed) == (1, ())
    assert {operation.urn for operation in swept.undone} == {orphan.urn, chart.urn}
    assert engine.read(orphan) is None
    assert engine.read(chart) is None
    assert engine.read(known) is not None


def test_an_object_that_another_resource_has_is_not_ended(engine: Engine, emulated_cloud: EmulatedCloud) -> None:
    space = engine.create(namespace())
    theirs = engine.create(config_map(), name="first")
    with pytest.raises(grpc.RpcError):
        engine.create(config_map(), name="second")
    sweep(emulated_cloud.endpoint, [(space.urn, space.id), (theirs.urn, theirs.id)])
    assert engine.read(theirs) is not None


def test_an_object_that_went_with_its_cluster_needs_no_ending(engine: Engine, emulated_cloud: EmulatedCloud) -> None:
    engine.create(namespace())
    engine.create(config_map("orphan"), name="orphan", seen=False)
    emulated_cloud.boto("eks").delete_cluster(name="estate")
    swept = sweep(emulated_cloud.endpoint, [])
    assert not swept.failed
    assert len(swept.undone) == 1
