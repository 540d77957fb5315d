from functools import cache
from typing import Any

import pulumi

from components.platform.external_dns import ExternalDns, ExternalDnsArgs, names_of, records_policy
from config.vocabulary import Region
from tests.components.platform.made import DIGEST, a_chart, an_image, assert_restricted, assert_sized, values_of
from tests.kit.contexts import a_context
from tests.kit.policy_judge import Request, allowed
from tests.kit.recorder import record

ZONE = "arn:aws:route53:::hostedzone/Z1"


def _values(region: Region = Region.US_EAST_1) -> dict[str, Any]:
    args = ExternalDnsArgs(
        chart=a_chart(),
        image=an_image(),
        namespace="external-dns",
        cluster_name=f"cluster-{region.code}",
        domain="example.com",
        zone_id="Z1",
        priority_class="platform",
    )
    return values_of(record(lambda: ExternalDns("external-dns", a_context(region), args)))


def test_clusters_of_two_regions_write_different_names_as_different_owners() -> None:
    here, there = _values(), _values(Region.EU_WEST_1)
    assert here["domainFilters"] == ["apps.use1.example.com"]
    assert there["domainFilters"] == ["apps.euw1.example.com"]
    assert (here["txtOwnerId"], there["txtOwnerId"]) == ("cluster-use1", "cluster-euw1")


def test_names_are_deleted_with_what_they_name_and_only_in_the_one_zone() -> None:
    values = _values()
    assert (values["policy"], values["registry"]) == ("sync", "txt")
    assert values["extraArgs"] == {"zone-id-filter": "Z1", "aws-zone-type": "public"}


def test_its_pod_may_do_little_and_runs_the_pinned_image() -> None:
    values = _values()
    assert_restricted(values["podSecurityContext"], values["securityContext"])
    assert_sized(values["resources"])
    assert values["image"]["tag"] == f"1.2.3@{DIGEST}"


@cache
def _policy() -> str:
    return str(record(lambda: pulumi.export("policy", records_policy(a_context(), "example.com", "Z1"))).stack_outputs["policy"])


def _may(name: str, type_: str = "A", zone: str = ZONE) -> bool:
    keys = {
        "route53:ChangeResourceRecordSetsNormalizedRecordNames": name,
        "route53:ChangeResourceRecordSetsRecordTypes": type_,
    }
    request = Request(action="route53:ChangeResourceRecordSets", resource=zone, principal="external-dns", context=keys)
    return allowed(_policy(), request)


def test_its_role_writes_names_of_its_own_region_and_no_others() -> None:
    assert names_of(a_context(), "example.com") == "apps.use1.example.com"
    assert _may("shop.apps.use1.example.com")
    assert _may("a-shop.apps.use1.example.com", type_="TXT")
    for name in ("example.com", "www.example.com", "origin.use1.example.com", "shop.apps.euw1.example.com", "evilapps.use1.example.com"):
        assert not _may(name), name
    assert not _may("shop.apps.use1.example.com", type_="NS")
    assert not _may("shop.apps.use1.example.com", zone="arn:aws:route53:::hostedzone/Z2")
