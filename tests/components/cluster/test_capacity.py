import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.cluster.capacity import PoolSize, Shares, share

percents = st.integers(0, 100)


@st.composite
def sizes(draw: st.DrawFn) -> PoolSize:
    minimum, desired, maximum = sorted(draw(st.lists(st.integers(0, 1000), min_size=3, max_size=3)))
    return PoolSize(minimum=minimum, desired=desired, maximum=max(maximum, 1))


def _of(group: PoolSize | None) -> tuple[int, int, int]:
    return (group.minimum, group.desired, group.maximum) if group else (0, 0, 0)


@pytest.mark.parametrize(("nodes", "spot"), [(1, 0), (2, 1), (3, 1), (4, 1), (5, 2), (6, 2), (9, 3), (10, 3), (50, 15)])
def test_thirty_percent_of_a_pool_is_the_nearest_whole_number(nodes: int, spot: int) -> None:
    shares = share(PoolSize(minimum=0, desired=nodes, maximum=nodes), 30)
    assert (_of(shares.on_demand)[1], _of(shares.spot)[1]) == (nodes - spot, spot)


def test_the_documented_estate_has_three_of_nine_nodes_on_spot() -> None:
    """Three regions of two t3.large and one c5.xlarge (CMP-2) at 30 percent (CMP-3)."""
    standard = share(PoolSize(minimum=2, desired=2, maximum=12), 30)
    intensive = share(PoolSize(minimum=1, desired=1, maximum=4), 30)
    assert 3 * (_of(standard.spot)[1] + _of(intensive.spot)[1]) == 3
    assert 3 * (_of(standard.on_demand)[1] + _of(intensive.on_demand)[1]) == 6


@given(sizes(), percents)
def test_both_groups_together_are_exactly_the_pool(size: PoolSize, percent: int) -> None:
    shares = share(size, percent)
    together = tuple(one + other for one, other in zip(_of(shares.on_demand), _of(shares.spot), strict=True))
    assert together == (size.minimum, size.desired, size.maximum)


@given(sizes(), percents)
def test_each_group_is_itself_a_size_that_eks_accepts(size: PoolSize, percent: int) -> None:
    for group in (share(size, percent).on_demand, share(size, percent).spot):
        assert group is None or (0 <= group.minimum <= group.desired <= group.maximum and group.maximum >= 1)


@given(sizes(), percents)
def test_spot_is_never_half_a_node_away_from_its_share(size: PoolSize, percent: int) -> None:
    shares = share(size, percent)
    for spot, nodes in zip(_of(shares.spot), (size.minimum, size.desired, size.maximum), strict=True):
        assert abs(100 * spot - nodes * percent) <= 50


@given(sizes(), percents)
def test_a_larger_pool_never_has_fewer_nodes_of_either_kind(size: PoolSize, percent: int) -> None:
    grown = PoolSize(minimum=size.minimum, desired=size.desired, maximum=size.maximum + 1)
    before, after = share(size, percent), share(grown, percent)
    assert _of(before.spot)[2] <= _of(after.spot)[2]
    assert _of(before.on_demand)[2] <= _of(after.on_demand)[2]


def test_a_group_that_could_never_have_a_node_is_left_out() -> None:
    one = PoolSize(minimum=1, desired=1, maximum=1)
    assert share(one, 30) == Shares(on_demand=one, spot=None)
    assert share(one, 100) == Shares(on_demand=None, spot=one)
    assert share(PoolSize(minimum=3, desired=3, maximum=9), 0).spot is None


@pytest.mark.parametrize("percent", [-1, 101])
def test_a_share_that_is_no_percentage_is_refused(percent: int) -> None:
    with pytest.raises(ValueError, match=rf"spot_percent must be 0 to 100 \(got {percent}\)"):
        share(PoolSize(minimum=0, desired=1, maximum=1), percent)


@pytest.mark.parametrize(("minimum", "desired", "maximum"), [(-1, 0, 1), (2, 1, 3), (1, 3, 2), (0, 0, 0)])
def test_a_size_that_eks_would_refuse_is_refused(minimum: int, desired: int, maximum: int) -> None:
    with pytest.raises(ValueError, match=rf"got minimum {minimum}, desired {desired}, maximum {maximum}"):
        PoolSize(minimum=minimum, desired=desired, maximum=maximum)
