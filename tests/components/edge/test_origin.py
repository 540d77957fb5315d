import pytest

from components.edge.origin import Origin, OriginArgs, origin_host
from config.vocabulary import Region
from tests.kit.contexts import a_context
from tests.kit.recorder import record

ARGS = OriginArgs(zone_id="Z1", domain="example.com", load_balancer_dns_name="lb.elb.amazonaws.com", load_balancer_zone_id="Z2")


@pytest.mark.parametrize(
    ("region", "host"),
    [
        (Region.US_EAST_1, "origin.use1.example.com"),
        (Region.EU_WEST_1, "origin.euw1.example.com"),
        (Region.SA_EAST_1, "origin.sae1.example.com"),
    ],
)
def test_a_regions_origin_has_a_name_that_anyone_can_derive(region: Region, host: str) -> None:
    assert origin_host(region, "example.com") == host
    graph = record(lambda: Origin("origin", a_context(region), ARGS), preview=True)
    assert graph.one("aws:route53/record:Record").inputs["name"] == host
    assert graph.outputs_of(graph.one("morefocus:edge:Origin"))["host"] == host


def test_the_name_leads_to_the_load_balancer_while_it_is_healthy() -> None:
    alias = record(lambda: Origin("origin", a_context(), ARGS)).one("aws:route53/record:Record").inputs
    assert (alias["type"], alias["zoneId"]) == ("A", "Z1")
    assert alias["aliases"] == [{"name": "lb.elb.amazonaws.com", "zoneId": "Z2", "evaluateTargetHealth": True}]
