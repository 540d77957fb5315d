import pytest

from components.platform.workload import container_security, over_zones, pod_security, resources
from tests.kit.recorder import resolved


def test_a_pod_runs_as_a_user_that_is_not_root_under_the_runtimes_filter() -> None:
    pod = pod_security(1000)
    assert (pod.run_as_non_root, pod.run_as_user, pod.run_as_group, pod.fs_group) == (True, 1000, 1000, 1000)
    assert resolved(pod.seccomp_profile).type == "RuntimeDefault"
    assert pod_security(1000, 2000).run_as_group == 2000


def test_root_is_refused_with_what_to_do() -> None:
    with pytest.raises(ValueError, match=r"user must not be root \(0\)"):
        pod_security(0)


def test_a_container_gains_nothing_and_writes_nowhere_unless_told() -> None:
    container = container_security()
    assert container.allow_privilege_escalation is False
    assert resolved(container.capabilities).drop == ["ALL"]
    assert container.read_only_root_filesystem is True
    assert container_security(read_only=False).read_only_root_filesystem is False


def test_what_is_sure_and_what_is_the_most_are_both_said() -> None:
    given = resources({"cpu": "100m"}, {"memory": "1Gi"})
    assert (given.requests, given.limits) == ({"cpu": "100m"}, {"memory": "1Gi"})


def test_replicas_wish_for_different_zones_and_start_without_one() -> None:
    spread = over_zones({"app": "web"})
    assert (spread.max_skew, spread.topology_key, spread.when_unsatisfiable) == (1, "topology.kubernetes.io/zone", "ScheduleAnyway")
    assert resolved(spread.label_selector).match_labels == {"app": "web"}
