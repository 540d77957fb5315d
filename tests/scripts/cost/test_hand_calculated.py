"""What a network, logs, transfer and stores cost a month, calculated by hand and matched to the cent."""

from collections.abc import Mapping
from decimal import Decimal

from scripts.cost.documented import SOURCE_A, compare
from scripts.cost.graph import Item
from scripts.cost.line import Line
from tests.scripts.cost.kit import estimate, item


def by_what(prices: Mapping[str, str | None], *items: Item, **values: str) -> dict[str, Decimal]:
    """Return amounts by what they are for."""
    return dict(estimate(prices, *items, **values).by(lambda line: line.what))


def test_gateways_cost_their_hours_and_what_goes_through_each_with_an_address() -> None:
    nat, address = "aws:ec2/natGateway:NatGateway", "aws:ec2/eip:Eip"
    prices = {"nat:hour": "0.045", "nat:gb": "0.045", "ipv4:hour": "0.005"}
    each = [item(kind, f"{kind}-{zone}") for zone in "abc" for kind in (nat, address)]
    found = by_what(prices, *each, nat_gb="100")
    # 3 x 730 x 0.045 = 98.55; 3 x 100 x 0.045 = 13.50; 3 x 730 x 0.005 = 10.95
    assert found == {"gateway": Decimal("98.55"), "processed": Decimal("13.50"), "public IPv4 address": Decimal("10.95")}


def test_what_leaves_a_stack_is_billed_by_where_it_goes() -> None:
    hub = item("aws:ec2transitgateway/transitGateway:TransitGateway")
    joined = item("aws:ec2transitgateway/vpcAttachment:VpcAttachment")
    prices = {"transfer:region": "0.02", "transfer:internet": "0.09", "transfer:zone": "0.01", "tgw:hour": "0.05", "tgw:gb": "0.02"}
    found = by_what(prices, hub, joined, interregion_gb="167", internet_gb="100", crosszone_gb="500", tgw_gb="100")
    # 167 x 0.02 = 3.34; 100 x 0.09 = 9.00; 500 x 0.01 = 5.00; 730 x 0.05 = 36.50; 100 x 0.02 = 2.00
    assert found == {
        "attachment": Decimal("36.50"),
        "to the internet": Decimal("9.00"),
        "between zones": Decimal("5.00"),
        "to other regions": Decimal("3.34"),
        "processed": Decimal("2.00"),
    }


def test_a_balancer_on_the_internet_has_units_and_an_address_in_each_zone() -> None:
    kind = "aws:lb/loadBalancer:LoadBalancer"
    prices = {"alb:hour": "0.0225", "alb:unit": "0.008", "ipv4:hour": "0.005"}
    # 730 x 0.0225 = 16.43; 730 x 1 x 0.008 = 5.84; 3 x 730 x 0.005 = 10.95
    assert estimate(prices, item(kind, subnets=["a", "b", "c"]), lb_units="1").total == Decimal("33.22")
    assert estimate(prices, item(kind, internal=True, subnets=["a", "b", "c"]), lb_units="1").total == Decimal("22.27")


def test_logs_are_billed_as_written_and_compressed_for_as_long_as_they_are_kept() -> None:
    kind = "aws:cloudwatch/logGroup:LogGroup"
    month, always = item(kind, "month", retentionInDays=30), item(kind, "always")
    lines = estimate({"logs:written": "0.50", "logs:kept": "0.03"}, month, always, logs_gb="80", log_months_kept="12").lines
    # each 40 x 0.50 = 20.00; kept 40 x 1 x 0.15 = 6 GB x 0.03 = 0.18, and 40 x 12 x 0.15 = 72 GB x 0.03 = 2.16
    assert [line.amount for line in lines] == [Decimal("20.00"), Decimal("0.18"), Decimal("20.00"), Decimal("2.16")]


def test_alarms_are_billed_by_metric_and_secrets_and_keys_by_piece_and_call() -> None:
    alarm = "aws:cloudwatch/metricAlarm:MetricAlarm"
    queries = [{"metric": {"period": 300}}, {"metric": {"period": 300}}, {"expression": "a + b"}]
    prices = {"alarm:standard": "0.10", "secrets:secret": "0.40", "secrets:calls": "0.05", "kms:key": "1", "kms:calls": "0.03"}
    found = by_what(
        prices,
        item(alarm, "one", period=300),
        item(alarm, "two", metricQueries=queries),
        item("aws:secretsmanager/secret:Secret", replicas=[{"region": "eu-west-1"}]),
        item("aws:kms/key:Key"),
        secret_calls="500000",
        kms_calls="3000000",
    )
    # 3 x 0.10; 2 x 0.40 = 0.80; 50 x 0.05 = 2.50 and 300 x 0.03 = 9.00; 1.00
    assert found == {"calls": Decimal("11.50"), "key": Decimal("1.00"), "secret": Decimal("0.80"), "alarm": Decimal("0.30")}


def test_objects_files_and_backups_are_billed_by_what_is_assumed_of_them() -> None:
    bucket, files, vault = "aws:s3/bucket:Bucket", "aws:efs/fileSystem:FileSystem", "aws:backup/vault:Vault"
    prices = {"s3:standard": "0.023", "s3:puts": "0.005", "efs:standard": "0.30", "rds:backup": "0.095"}
    found = by_what(
        prices,
        item(bucket, "one"),
        item(bucket, "two"),
        item(files),
        item(vault),
        s3_gb="1000",
        s3_puts="200000",
        efs_gb="334",
        vault_gb="1000",
    )
    # 2 x 500 x 0.023 = 23.00; 2 x 100 x 0.005 = 1.00; 334 x 0.30 = 100.20; 1,000 x 0.095 = 95.00
    assert found == {
        "files": Decimal("100.20"),
        "recovery points": Decimal("95.00"),
        "objects": Decimal("23.00"),
        "writes": Decimal("1.00"),
    }


def test_an_access_list_is_billed_by_its_rules_and_what_it_judges() -> None:
    acl = item("aws:wafv2/webAcl:WebAcl", rules=[{}, {}, {}])
    # 5.00 + 3 x 1.00 + 10 x 0.60
    assert estimate({"waf:acl": "5", "waf:rule": "1", "waf:requests": "0.60"}, acl, waf_requests="10000000").total == Decimal("14.00")


def test_volumes_of_pods_cost_their_size_a_claim_a_node() -> None:
    claim = {"spec": {"resources": {"requests": {"storage": "150Gi"}}}}
    search = item(
        "kubernetes:elasticsearch.k8s.elastic.co/v1:Elasticsearch", spec={"nodeSets": [{"count": 2, "volumeClaimTemplates": [claim]}]}
    )
    own = item("kubernetes:core/v1:PersistentVolumeClaim", spec=claim["spec"])
    lines: tuple[Line, ...] = estimate({"ebs:gp3": "0.08"}, search, own).lines
    # 150 x 0.08 = 12.00; 2 x 150 x 0.08 = 24.00
    assert sorted(line.amount or Decimal(0) for line in lines) == [Decimal("12.00"), Decimal("24.00")]


def test_what_is_unresolved_is_told_apart_from_what_is_dearer() -> None:
    kind = "aws:rds/instance:Instance"
    known = item(kind, "known", engine="postgres", instanceClass="db.r5.xlarge", allocatedStorage=100)
    unknown = item(kind, "unknown", engine="postgres", instanceClass="db.r8g.xlarge", allocatedStorage=100)
    found = estimate({"rds:postgres:db.r5.xlarge": "0.50", "rds:postgres:db.r8g.xlarge": None, "rds:gp3": "0"}, known, unknown)
    row = next(each for each in compare(found, SOURCE_A) if each.row.name == "RDS db.r5.xlarge")
    # two at the source's 285.00 = 570.00, one short of its 855.00; the known one at 730 x 0.50 = 365.00 is 80.00 dearer; the other is open
    assert (row.quantity, row.unresolved, row.estimate) == (Decimal(2), 1, Decimal("365.00"))
    assert (row.of_quantity, row.of_price, row.of_unresolved) == (Decimal(-285), Decimal("80.00"), Decimal(-285))
    assert row.difference == row.of_quantity + row.of_price + row.of_unresolved == Decimal("-490.00")
