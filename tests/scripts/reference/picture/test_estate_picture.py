"""The picture shows what each stack's config says, changes with it, and can be read everywhere."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from config.load import load
from scripts.reference.estate.facts import NodeGroup, Pool, Replica, Stack
from scripts.reference.picture.estate_picture import draw
from tests.kit.plans import shipped, stack
from tests.scripts.reference.picture.parsed import boxes, crossing, overflowing, overlapping, texts
from tests.scripts.reference.shipped import NAMES, shipped_stack, shipped_stacks, stack_of

PICTURE = draw(shipped_stacks())


def words(svg: str) -> set[str]:
    return {text.words for text in texts(svg)}


@pytest.mark.parametrize("name", NAMES)
def test_the_picture_has_the_addresses_and_sizes_of_each_stacks_config(name: str) -> None:
    plan, shown = load(name).plan, words(PICTURE)
    everything = "\n".join(shown)
    assert {f"VPC {plan.network.cidr}", *plan.network.zones} <= shown
    assert {subnet.cidr for subnet in shipped_stack(name).vpc.subnets} <= shown
    for size in (plan.cluster.standard.instance_type, plan.cluster.intensive.instance_type, plan.cache.node_type):
        assert size in shown
    assert f"{plan.database.instance_class}, {'with a standby' if plan.database.multi_az else 'one zone'}" in everything
    assert f"{plan.database.storage_gb:,} GiB gp3, up to {plan.database.max_storage_gb:,}; {plan.database.backup_days} days" in everything
    assert f"{plan.cache.shards} shard" in everything
    assert f"lock {plan.database.backup_days} days" in shown
    assert f"{shipped_stack(name).resources} resources" in shown


def test_each_zone_has_its_nat_gateway_and_staging_the_one_it_pays_for() -> None:
    shown = [text.words for text in texts(PICTURE)]
    production = sum(len(load(name).plan.network.zones) for name in NAMES if name != "staging")
    assert shown.count("NAT gateway") == production + 1


def test_replicas_stand_in_the_columns_of_their_zones() -> None:
    found = texts(PICTURE)
    replica = next(text for text in found if text.words == "replica-b")
    zone = next(text for text in found if text.words == "us-east-1b")
    around = [box for box in boxes(PICTURE) if box.x <= replica.box.x <= box.right and box.y <= replica.box.y <= box.bottom]
    column = min(around, key=lambda box: box.width)
    assert column.x <= zone.box.x and zone.box.right <= column.right


def test_every_reference_between_stacks_is_an_arrow_with_its_outputs() -> None:
    shown = [text.words for text in texts(PICTURE)]
    readers = [each for each in shipped_stacks() if each.references]
    references = [reference for reader in readers for reference in reader.references]
    few = [each for each in references if len(each.outputs) <= 2]
    assert len(readers) == 3 and few and len(few) < len(references) == sum(words.startswith("reads ") for words in shown)
    for each in references:
        told = ", ".join(each.outputs) if each in few else f"{len(each.outputs)} outputs"
        assert f"reads {told} of stack {each.stack}" in shown


def test_what_stands_in_other_regions_and_for_them_is_drawn_with_the_stack_that_has_it() -> None:
    shown = words(PICTURE)
    for each in shipped_stacks():
        assert {standby.name for standby in each.standbys} <= shown
        assert all(any(text.startswith(f"{copies.region}: ") for text in shown) for copies in each.copies)
        if each.environment == "production":
            assert any(text.endswith(f"transit gateway, ASN {each.transits[0].asn}") for text in shown)
    assert "standby" in next(text for text in shown if text.startswith("eu-west-1: ") and "standby" in text)


def test_a_changed_config_changes_every_figure_that_it_is_about(tmp_path: Path) -> None:
    documents = shipped()
    config = stack(documents, "staging")
    config["morefocus:network"] |= {"cidr": "10.77.0.0/18", "zones": ["us-east-1c", "us-east-1d", "us-east-1e"], "nat": "per-zone"}
    config["morefocus:cluster"]["version"] = "1.36"
    config["morefocus:cluster"]["standard"] = {"instance_type": "c5.xlarge", "min": 3, "desired": 4, "max": 9}
    config["morefocus:database"] |= {"instance_class": "db.m6g.large", "storage_gb": 333, "max_storage_gb": 4444, "replicas": 1}
    config["morefocus:cache"] |= {"node_type": "cache.m6g.large", "shards": 5, "replicas_per_shard": 3}
    hub, before, after = shipped_stack("us-east-1"), shipped_stack("staging"), stack_of(documents, "staging", tmp_path)
    shown = draw([hub, after])
    gone, new = words(draw([hub, before])) - words(shown), words(shown) - words(PICTURE)
    assert {"VPC 10.77.0.0/18", "us-east-1d", "us-east-1e", *(subnet.cidr for subnet in after.vpc.subnets)} <= new
    assert {"Kubernetes 1.36", "cache.m6g.large", "5 shards of 1 + 3"} <= new
    assert {"db.m6g.large, one zone", "333 GiB gp3, up to 4,444; 7 days of recovery"} <= new
    assert {"VPC 10.3.0.0/16", *(subnet.cidr for subnet in before.vpc.subnets)} <= gone
    assert {"cache.t4g.micro", "db.t4g.medium, one zone", "20 GiB gp3, up to 100; 7 days of recovery"} <= gone


def test_the_same_facts_always_make_the_same_picture() -> None:
    assert draw(list(shipped_stacks())) == PICTURE


def test_no_text_leaves_its_box_and_none_covers_another() -> None:
    assert not overflowing(PICTURE)
    assert not overlapping(PICTURE)
    assert not crossing(PICTURE)


def test_nothing_shipped_is_cut_or_too_small_to_read() -> None:
    assert "…" not in PICTURE
    assert min(text.size for text in texts(PICTURE)) >= 8


def crowded(stack: Stack) -> Stack:
    """Return a stack with more of everything than is shipped."""
    (database,), (cluster,), (cache, *queues) = stack.databases, stack.clusters, stack.caches
    zones = (*stack.vpc.zones, f"{stack.region}d")[:4]
    subnets = tuple(
        replace(subnet, zone=zone, cidr=f"10.{100 + order}.255.248/29")
        for order, zone in enumerate(zones)
        for subnet in stack.vpc.subnets[:: len(stack.vpc.zones)]
    )
    copies = tuple(Replica(name=f"{database.name}-copy-{n}", zone=zones[-1], instance_class="db.r6gd.16xlarge") for n in range(3))
    wide = NodeGroup(types=("m7i-flex.8xlarge",), minimum=100, desired=200, maximum=450)
    pools = (*cluster.pools, Pool(name="memory-intensive", on_demand=wide, spot=wide), Pool(name="graphics", on_demand=None, spot=wide))
    return replace(
        stack,
        vpc=replace(stack.vpc, zones=zones, subnets=subnets, interface_endpoints=stack.vpc.interface_endpoints * 3),
        clusters=(replace(cluster, public=True, pools=pools),),
        databases=(replace(database, replicas=copies, storage_gb=65536, max_storage_gb=65536), replace(database, replicas=())),
        caches=(cache, *queues, replace(cache, shards=500), replace(cache, shards=6, replicas_per_shard=5)),
        buckets=(*stack.buckets, *(replace(stack.buckets[0], name=f"a-bucket-with-a-long-name-{n}") for n in range(5))),
        entries=stack.entries * 2,
    )


@pytest.mark.parametrize("names", [NAMES, ("us-east-1",), ("staging",), ("eu-west-1", "staging")])
def test_an_estate_with_much_more_in_it_still_fits(names: Sequence[str]) -> None:
    svg = draw([crowded(each) if each.name in names else each for each in shipped_stacks()])
    assert not overflowing(svg)
    assert not overlapping(svg)
    assert not crossing(svg)


def test_one_more_region_makes_the_picture_wider() -> None:
    svg = draw([*shipped_stacks(), replace(shipped_stack("eu-west-1"), name="ap-south-1", region="ap-south-1")])
    assert boxes(svg)[0].width > boxes(PICTURE)[0].width
    assert "Asia Pacific (Mumbai)" in words(svg)
    assert not overflowing(svg)


def test_one_region_alone_is_as_readable_as_three() -> None:
    svg = draw([shipped_stack("us-east-1"), shipped_stack("staging")])
    assert "…" not in svg
    assert not overflowing(svg)


def test_the_picture_stands_alone_on_its_own_background() -> None:
    root = ElementTree.fromstring(PICTURE)
    page = boxes(PICTURE)[0]
    width, height = (float(each) for each in root.get("viewBox", "").split()[2:])
    assert (page.width, page.height) == (width - 1, height - 1)
    assert not re.search(r"<script|<image|<style|href|url\(", PICTURE)
    assert "sans-serif" in root.get("font-family", "")


def test_people_who_do_not_see_it_are_told_what_it_is() -> None:
    root = ElementTree.fromstring(PICTURE)
    assert root.get("role") == "img"
    assert [each.text for each in root][:1] == ["The estate of morefocus.com"]
