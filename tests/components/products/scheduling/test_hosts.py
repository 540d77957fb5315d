"""Names follow from regions, so that the hub and a stand-in know them without asking (D12)."""

import pytest

from components.products.scheduling.hosts import Hosts
from config.vocabulary import Region

HUB = Hosts(
    region=Region.US_EAST_1,
    domain="example.com",
    web="app.example.com",
    stands_in_for={"stand-in-64513": Region.EU_WEST_1},
)


def test_a_region_answers_under_its_own_name_and_under_those_it_stands_in_for() -> None:
    assert HUB.api == "api.use1.example.com"
    assert HUB.further == {"check": "api-check.use1.example.com", "stand-in-64513": "api.euw1.example.com"}


def test_mail_comes_from_a_domain_of_one_region() -> None:
    assert HUB.mail == "mail.use1.example.com"


def test_the_mobile_client_is_opened_by_the_domain_the_other_way_round() -> None:
    staging = Hosts(region=Region.US_EAST_1, domain="staging.example.com", web="app.staging.example.com")
    assert (HUB.app, staging.app) == ("com.example", "com.example.staging")


def test_a_region_that_stands_in_for_itself_is_refused() -> None:
    with pytest.raises(ValueError, match="other regions than us-east-1"):
        Hosts(region=Region.US_EAST_1, domain="example.com", web="app.example.com", stands_in_for={"a": Region.US_EAST_1})
