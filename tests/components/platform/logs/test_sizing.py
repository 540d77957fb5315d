import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.platform.logs.sizing import FILLED, SHARDS_PER_NODE, hot_gb, open_shards, primary_shards, tiers, warm_gb
from components.platform.logs.streams import SHARD_GB, Lifecycle, Stream

STREAMS = {
    Stream.AUDIT: Lifecycle(daily_gb=1, hot_days=7, delete_days=365),
    Stream.APPLICATION: Lifecycle(daily_gb=8, hot_days=7, delete_days=90),
    Stream.PLATFORM: Lifecycle(daily_gb=4, hot_days=7, delete_days=30),
}


def test_the_sizes_of_a_region_with_thirteen_gigabytes_a_day() -> None:
    # Hot: 13 GB on 8 days, twice, and a tenth more. Warm: 358 days of 1, 83 of 8, 23 of 4, twice, in 0.7 of the room.
    assert hot_gb(STREAMS) == pytest.approx(13 * 8 * 2 * 1.1)
    assert warm_gb(STREAMS) == pytest.approx((358 + 664 + 92) * 2 * 0.7)
    made = tiers(STREAMS, zones=3, hot_disk_gb=150, warm_disk_gb=700)
    assert (made.hot_nodes, made.warm_nodes) == (3, 3)
    assert made.shards == (366 + 91 + 31) * 2


@given(
    daily=st.floats(0.01, 500),
    hot=st.integers(1, 60),
    more=st.integers(1, 400),
    zones=st.integers(2, 4),
    disk=st.integers(50, 4000),
)
def test_what_is_planned_holds_what_comes_and_is_even_over_the_zones(daily: float, hot: int, more: int, zones: int, disk: int) -> None:
    streams = {stream: Lifecycle(daily_gb=daily, hot_days=hot, delete_days=hot + more) for stream in Stream}
    made = tiers(streams, zones=zones, hot_disk_gb=disk, warm_disk_gb=disk)
    assert made.hot_nodes * disk * FILLED >= hot_gb(streams) * 0.999
    assert made.warm_nodes * disk * FILLED >= warm_gb(streams) * 0.999
    assert made.hot_nodes % zones == made.warm_nodes % zones == 0 and min(made.hot_nodes, made.warm_nodes) >= zones
    assert open_shards(streams) <= made.warm_nodes * SHARDS_PER_NODE
    # And no more nodes than that: with one a zone less it would not fit, unless the shards ask for them.
    if made.hot_nodes > zones:
        assert (made.hot_nodes - zones) * disk * FILLED < hot_gb(streams)


@given(daily=st.floats(0.01, 2000))
def test_no_shard_of_a_day_is_larger_than_it_should_be(daily: float) -> None:
    lifecycle = Lifecycle(daily_gb=daily, hot_days=1, delete_days=2)
    assert daily * 1.1 / primary_shards(lifecycle) <= SHARD_GB * 1.001
    assert primary_shards(lifecycle) <= math.ceil(daily * 1.1 / SHARD_GB) or primary_shards(lifecycle) == 1


def test_one_zone_holds_no_copy() -> None:
    with pytest.raises(ValueError, match="zones must be at least 2"):
        tiers(STREAMS, zones=1, hot_disk_gb=100, warm_disk_gb=100)
