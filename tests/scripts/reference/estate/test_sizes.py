"""Sizes in words."""

from dataclasses import replace

from scripts.reference.estate.sizes import sizes
from tests.scripts.reference.shipped import shipped_stack


def test_a_region_is_told_with_its_documented_sizes() -> None:
    told = sizes(shipped_stack("eu-west-1"))
    assert told["VPC"] == ["10.1.0.0/16"]
    assert told["database"] == ["PostgreSQL 17, db.r5.xlarge, Multi-AZ, key: personal"]
    assert told["cache"] == [
        "Redis 7.1, cache.r5.large, 3 shards of 1 primary and 1 replica, key: personal",
        "Redis 7.1, cache.r5.large, 1 shard of 1 primary and 1 replica, key: personal",
    ]
    assert told["pool standard, on-demand"] == ["1 to 8 nodes, 1 at first: t3.large"]
    assert len(told["public subnets"]) == len(told["isolated subnets"]) == 3


def test_what_a_region_keeps_elsewhere_and_how_it_is_backed_up_is_told() -> None:
    told = sizes(shipped_stack("eu-west-1"))
    assert told["transit gateway"] == ["ASN 64513, joined to us-east-1"]
    assert told["standby of another region"] == ["morefocus-prod-use1-euw1-standby, db.r5.xlarge, key: personal"]
    assert "six-hourly: `cron(0 0,6,12,18 * * ? *)`, kept 30 days, copied into 2 regions" in told["backups"]
    assert (
        "eu-central-1: keys: credentials, personal; buckets: backups, files; recovery points; the database's own backups"
        in (told["kept in other regions"])
    )
    assert "eu-west-1: keys" in sizes(shipped_stack("sa-east-1"))["kept in other regions"][1]
    assert "standby morefocus-prod-sae1-euw1-standby" in sizes(shipped_stack("sa-east-1"))["kept in other regions"][1]


def test_what_staging_leaves_out_is_said_or_absent() -> None:
    told = sizes(shipped_stack("staging"))
    assert told["pool intensive, on-demand"] == ["none"]
    assert "database replicas" not in told and "kept in other regions" not in told and "DNS zone" not in told


def test_two_stores_of_a_kind_are_two_lines() -> None:
    stack = shipped_stack("staging")
    cache = stack.caches[0]
    told = sizes(replace(stack, caches=(cache, replace(cache, node_type="cache.m7g.large", shards=2))))
    assert [line.split(", ")[1] for line in told["cache"]] == ["cache.t4g.micro", "cache.m7g.large"]


def test_a_way_in_without_a_web_acl_and_a_network_without_flow_logs_are_told_so() -> None:
    stack = shipped_stack("staging")
    bare = replace(stack, vpc=replace(stack.vpc, flow_log_days=None), entries=tuple(replace(each, firewall=None) for each in stack.entries))
    told = sizes(bare)
    assert told["flow logs"] == ["none"] and "web ACL" not in told["load balancer"][0]
