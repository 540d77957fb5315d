import pytest

from components.edge.zone import Zone, ZoneArgs
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, computed_outputs, record

ZONE = "aws:route53/zone:Zone"


@pytest.fixture(scope="module")
def graph() -> Graph:
    def answers(type_: str, name: str, inputs: dict[str, object]) -> dict[str, object]:
        extra = {"zoneId": "Z1", "nameServers": ["ns-1.example.net", "ns-2.example.org"]} if type_ == ZONE else {}
        return computed_outputs(type_, name, inputs) | extra

    return record(lambda: Zone("dns", a_context(), ZoneArgs(domain="example.com")), computed=answers)


def test_only_amazon_may_issue_certificates_wildcards_too(graph: Graph) -> None:
    record_ = graph.one("aws:route53/record:Record").inputs
    assert (record_["type"], record_["name"], record_["zoneId"]) == ("CAA", "example.com", "Z1")
    assert '0 issue "amazon.com"' in record_["records"]
    assert '0 issuewild "amazon.com"' in record_["records"]
    assert all("amazon" in each or "awstrust" in each for each in record_["records"])


def test_others_issue_single_names_that_are_proven_in_dns() -> None:
    args = ZoneArgs(domain="example.com", other_authorities=("letsencrypt.org",))
    computed = {"zoneId": "Z1", "nameServers": ["ns-1.example.net"]}
    made = record(lambda: Zone("dns", a_context(), args), computed=lambda *given: computed_outputs(*given) | computed)
    records = made.one("aws:route53/record:Record").inputs["records"]
    assert [each for each in records if "letsencrypt" in each] == ['0 issue "letsencrypt.org; validationmethods=dns-01"']
    with pytest.raises(ValueError, match="other_authorities must be domain names"):
        ZoneArgs(domain="example.com", other_authorities=("letsencrypt.org; accounturi=x",))


def test_the_zone_is_public_and_neither_deleted_nor_emptied_by_mistake(graph: Graph) -> None:
    zone = graph.one(ZONE)
    assert zone.inputs["name"] == "example.com"
    assert zone.inputs["forceDestroy"] is False
    assert "vpcs" not in zone.inputs
    assert zone.protect


def test_it_publishes_what_the_registrar_must_be_told(graph: Graph) -> None:
    published = graph.outputs_of(graph.one("morefocus:edge:Zone"))
    assert published == {"zone_id": "Z1", "domain": "example.com", "name_servers": ["ns-1.example.net", "ns-2.example.org"]}


@pytest.mark.parametrize("domain", ["example.com.", "Example.com", "example", "-a.com", "a..com", "exa mple.com", ""])
def test_what_is_no_domain_name_is_refused(domain: str) -> None:
    with pytest.raises(ValueError, match="domain must be a lower-case domain name"):
        ZoneArgs(domain=domain)
