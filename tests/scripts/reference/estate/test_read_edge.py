"""Ways in are told with who may use them, what guards them and what they lead to."""

from config.load import load
from scripts.reference.estate.facts import Firewall, Reference
from scripts.reference.estate.read_edge import read_entries, read_references
from tests.kit.composed import shipped_graph
from tests.scripts.reference.shipped import NAMES, graph_of, resource, shipped_stack


def test_a_load_balancer_goes_by_the_names_that_are_its_aliases() -> None:
    for name in NAMES:
        (entry,) = shipped_stack(name).entries
        origin = shipped_graph(name).stack_outputs["origin_host"]
        front, everywhere = origin.replace("origin.", "front."), f"front.{origin.split('.', maxsplit=2)[2]}"
        assert entry.hosts == tuple(sorted({origin, front, everywhere} & set(entry.hosts))) and {origin, front} <= set(entry.hosts)
        assert (entry.listeners, entry.sources) == (("HTTPS 443",), ("CloudFront", "Route 53 health checkers"))


def test_an_alias_of_an_alias_is_a_name_too_and_a_circle_ends() -> None:
    graph = graph_of(
        resource("aws:lb/loadBalancer:LoadBalancer", "entry", securityGroups=[], dnsName="entry.example.org"),
        resource("aws:route53/record:Record", "a", name="a.example.org", aliases=[{"name": "entry.example.org"}]),
        resource("aws:route53/record:Record", "b", name="b.example.org", aliases=[{"name": "a.example.org"}]),
        resource("aws:route53/record:Record", "c", name="a.example.org", aliases=[{"name": "b.example.org"}]),
        resource("aws:route53/record:Record", "d", name="d.example.org", aliases=[{"name": "other.example.org"}]),
    )
    assert read_entries(graph)[0].hosts == ("a.example.org", "b.example.org")


def test_a_web_acl_is_told_with_its_limit_and_groups() -> None:
    firewall = shipped_stack("eu-west-1").entries[0].firewall
    rules = shipped_graph("eu-west-1").one("aws:wafv2/webAcl:WebAcl", "entry-firewall-acl").inputs["rules"]
    assert isinstance(firewall, Firewall)
    assert firewall.rate_limit == next(r["statement"]["rateBasedStatement"]["limit"] for r in rules if r["name"] == "rate-limit")
    assert len(firewall.groups) == len(rules) - 1


def test_a_load_balancer_without_a_web_acl_or_a_name_is_told_so() -> None:
    graph = graph_of(
        resource("aws:lb/loadBalancer:LoadBalancer", "bare", securityGroups=["sg"], dnsName="bare.example.org"),
        resource("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "in", securityGroupId="sg", cidrIpv4="10.0.0.0/8"),
        resource("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "not", securityGroupId="other", cidrIpv4="0.0.0.0/0"),
    )
    (entry,) = read_entries(graph)
    assert (entry.hosts, entry.firewall, entry.sources) == ((), None, ("10.0.0.0/8",))


def test_the_hub_alone_has_a_zone_and_a_distribution() -> None:
    assert {name for name in NAMES if shipped_stack(name).is_hub} == {"us-east-1"}
    hub, domain = shipped_stack("us-east-1"), load("us-east-1").domain
    (delivery,) = [each for each in hub.deliveries if each.buckets]
    hooks = [each for each in hub.deliveries if not each.buckets]
    assert hub.zones == (domain,)
    assert {name for each in hooks for name in each.origins} == {
        f"origin.{code}.{domain}" for code in ("use1", "euw1", "sae1", "use1.staging")
    }
    assert all(each.https_only and each.firewall for each in hooks)
    assert (delivery.hosts, delivery.certificate) == ((f"app.{domain}",), f"app.{domain}")
    assert delivery.buckets == ("web-content",) and delivery.signed and delivery.https_only


def test_a_reference_names_only_outputs_that_resources_hold() -> None:
    assert shipped_stack("staging").references == (Reference(stack="us-east-1", outputs=("hub_zone_id",)),)


def test_a_reference_tells_the_regions_outputs_apart_from_the_hubs() -> None:
    earlier, hub = shipped_stack("sa-east-1").references
    assert (earlier.stack, hub.stack) == ("eu-west-1", "us-east-1")
    assert {"database_subnet_group", "transit_gateway_id"} <= set(earlier.outputs)
    assert not [name for name in earlier.outputs if name.startswith("hub_")] and "hub_zone_id" in hub.outputs


def test_two_references_to_one_stack_are_one() -> None:
    outputs = {"a": "value of a", "b": ["value of b"], "c": "value of c"}
    graph = graph_of(
        *(resource("pulumi:pulumi:StackReference", f"r{n}", name="organization/morefocus/first", outputs=outputs) for n in (1, 2)),
        resource("aws:s3/bucket:Bucket", "uses", tags={"x": "value of b"}, bucket="value of a"),
    )
    assert read_references(graph) == (Reference(stack="first", outputs=("a", "b")),)
