import pytest

from components.data.placement import check_zones


def test_zones_of_the_region_are_accepted() -> None:
    check_zones("sa-east-1", ["sa-east-1a", "sa-east-1c"])


@pytest.mark.parametrize("zone", ["us-east-1a", "a", "sa-east-1", "sa-east-1ab"])
def test_a_zone_of_elsewhere_is_named(zone: str) -> None:
    with pytest.raises(ValueError, match=rf"zones of sa-east-1 are named sa-east-1a.*\(got {zone}\)"):
        check_zones("sa-east-1", ["sa-east-1a", zone])
