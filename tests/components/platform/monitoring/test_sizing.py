"""How much Prometheus needs, as arithmetic."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.platform.monitoring.sizing import Load, retention_size
from config.platform.sizing import GROWTH

SHIPPED = Load(nodes=17, pods_per_node=30, automation_pods=24, retention_days=15)


def test_the_estates_own_load_in_figures() -> None:
    assert SHIPPED.series == 60_000 + 17 * 1_200 + 510 * 160 + 24 * 700 == 178_800
    assert SHIPPED.samples_per_second == 5_960
    assert SHIPPED.block_bytes == 5_960 * 2 * 15 * 86_400
    assert SHIPPED.volume_gib == 20 and SHIPPED.memory_mib == 2048


@pytest.mark.parametrize(("month", "memory"), [(0, 4864), (3, 15104)])
def test_a_tenants_own_n8n_of_three_pods_is_what_memory_grows_with(month: int, memory: int) -> None:
    tenants = GROWTH[month].tenants
    pods = tenants * 3
    load = Load(nodes=50, pods_per_node=30, automation_pods=pods, retention_days=15)
    assert load.memory_mib < memory


@given(st.integers(0, 450), st.integers(0, 110), st.integers(0, 5000), st.integers(1, 90))
def test_what_is_given_always_holds_what_is_needed_and_more_never_needs_less(nodes: int, pods: int, automation: int, days: int) -> None:
    load = Load(nodes=nodes, pods_per_node=pods, automation_pods=automation, retention_days=days)
    assert load.volume_gib * 1024**3 * 0.8 >= load.block_bytes - 1024**3 * 0.01
    assert load.memory_mib % 256 == 0 and load.volume_gib % 10 == 0
    more = replace(load, nodes=nodes + 1)
    assert more.volume_gib >= load.volume_gib and more.memory_mib >= load.memory_mib


def test_blocks_leave_a_fifth_of_the_volume_to_the_log_and_to_compactions() -> None:
    assert retention_size(100) == "81920MB"


def test_a_load_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="keeps a day at least"):
        Load(nodes=1, pods_per_node=1, automation_pods=0, retention_days=0)
    with pytest.raises(ValueError, match="no negative number"):
        Load(nodes=-1, pods_per_node=1, automation_pods=0, retention_days=1)
