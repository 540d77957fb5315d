import pytest

from components.platform.mesh.dependency import MeshDependency, MeshDependencyArgs, connection_policy
from tests.kit.contexts import a_context
from tests.kit.custom_resources import custom_resources, findings
from tests.kit.recorder import record

ARGS = MeshDependencyArgs(namespace="automation", host="pgbouncer.pooling.svc.cluster.local", connections=20, replicas=3)


def test_callers_fail_fast_and_one_pod_at_least_is_always_tried() -> None:
    policy = connection_policy(ARGS)
    assert policy["connectionPool"]["tcp"] == {"maxConnections": 20, "connectTimeout": "3s"}
    assert policy["outlierDetection"]["maxEjectionPercent"] == 66
    alone = MeshDependencyArgs(namespace="automation", host="x", connections=1, replicas=1)
    assert connection_policy(alone)["outlierDetection"]["maxEjectionPercent"] == 0


def test_its_object_is_what_istio_defines_and_holds_for_its_callers_alone() -> None:
    found = custom_resources(record(lambda: MeshDependency("database-pooler", a_context(), ARGS)))
    (rule,) = found
    assert rule.inputs["spec"]["exportTo"] == ["."] and rule.inputs["metadata"]["namespace"] == "automation"
    assert findings(found) == []


def test_a_dependency_that_nobody_could_use_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        MeshDependencyArgs(namespace="automation", host="x", connections=0, replicas=1)
