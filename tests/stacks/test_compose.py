"""A stack is composed from its settings."""

from pathlib import Path

import pytest

from components.edge.api_front import CHECKED_FROM
from config.estate import HUB_REGION
from config.load import load
from config.vocabulary import Region, TagKey
from scripts.deploy.bake import watched
from stacks.compose import context_of
from stacks.copies import destinations
from stacks.replication import STANDBY
from stacks.stores import STORES
from tests.kit.composed import composed, shipped_graph
from tests.kit.plans import STACKS, with_a_fourth_region, write
from tests.kit.recorder import Recorded
from tests.kit.sdk import takes

_SOME = {TagKey.TENANT, TagKey.BACKUP}
"""What only some resources carry: those of one tenant, and stores."""
_KUBERNETES = "kubernetes.io/"
"""Controllers in a cluster know what is theirs by tags of this prefix."""
HUB_KINDS = {
    f"morefocus:{kind}"
    for kind in [
        "cost:AllocationTags",
        "cost:AnomalyGuard",
        "cost:SpendingBudgets",
        "data:AccountStorage",
        "edge:ContentDelivery",
        "edge:WebhookDelivery",
        "edge:Zone",
        "identity:Boundary",
        "identity:MfaGuard",
        "identity:PasswordPolicy",
        "identity:People",
        "identity:PersonRole",
        "identity:Pipelines",
        "platform:UptimeChecks",
    ]
}
"""What the estate or its account has once."""
PAIR_KINDS = {"morefocus:data:Standby", "morefocus:network:TransitPeering"}
"""What joins two regions: the later one's, and the hub is the first."""
OF_PRODUCTION = {
    f"morefocus:{kind}"
    for kind in [
        "data:BackupReplication",
        "data:BucketReplication",
        "identity:AccessAnalyzer",
        "identity:BreakGlassAlarm",
        "observability:AuditTrail",
        "observability:FindingNotices",
        "observability:TrailAlarms",
        "recovery:RegionOptIn",
        "security:ConfigurationRecorder",
        "security:ConfigurationRules",
        "security:DataDiscovery",
        "security:IncidentResponse",
        "security:Posture",
        "security:ThreatDetection",
        "security:VolumeEncryption",
        "security:VulnerabilityScanning",
    ]
}
"""Copies, which staging has none of, and what an account has once in a region, which staging shares with production."""
OFF_IN_STAGING = {
    f"morefocus:{kind}"
    for kind in [
        "platform:DatadogAgents",
        "platform:LogIntake",
        "platform:LogOperator",
        "platform:LogSearch",
        "platform:LogSecrets",
        "platform:LogSettings",
        "platform:LogShipper",
        "platform:LogView",
        "platform:MeshAuthority",
        "platform:MeshBaseline",
        "platform:MeshControlPlane",
        "platform:MeshDependency",
        "platform:MeshEgress",
        "platform:ServicePolicy",
        "platform:VaultConfiguration",
        "platform:VaultSealKey",
        "platform:VaultServer",
        "platform:VaultSnapshots",
        "products:Tenant",
    ]
}
"""What staging's file switches off (D10); and tenants, whose markets production serves."""
LEFT_OUT_OF_THE_FOURTH = {
    "aws:dynamodb/tableReplica:TableReplica",
    "aws:autoscaling/schedule:Schedule",
    "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
    "morefocus:data:BackupReplication",
    "morefocus:data:BucketReplication",
    "kubernetes:core/v1:ResourceQuota",
    "morefocus:data:Standby",
    "morefocus:products:Tenant",
}
"""What comes of copies, a standby, working hours and tenants, none of which the fourth region has."""


_BY_CODE = {region.code: region for region in Region}


@pytest.mark.parametrize("name", STACKS)
def test_every_resource_that_can_be_tagged_carries_the_closed_set_of_tags(name: str) -> None:
    settings, graph = load(name), shipped_graph(name)
    earlier = [settings.estate.plans[peer] for peer in settings.estate.earlier_peers(name)]
    standing_by = [each for each in earlier if each.database.standby_region == settings.plan.region]
    for resource in graph.resources:
        if not resource.type.startswith("aws:") or not takes(resource.type, "tags"):
            continue
        tags = resource.inputs.get("tags", {})
        ours = {key for key in tags if not key.startswith(_KUBERNETES)}
        assert ours - _SOME == set(TagKey) - _SOME, resource.urn
        assert (TagKey.BACKUP in tags) == (resource.type in STORES), resource.urn
        # A copy is tagged with the region it stands in, and bound by the law of the region its data comes from.
        named = _BY_CODE.get(resource.name.partition("-")[0], settings.plan.region)
        here = resource.inputs.get("region", settings.plan.region) if takes(resource.type, "region") else named
        (origin,) = standing_by if tags["component"] == STANDBY else [settings.plan]
        assert (tags["region"], tags["environment"], tags["jurisdiction"]) == (here, origin.environment, origin.law), resource.urn


@pytest.mark.parametrize("name", STACKS)
def test_every_provider_resource_is_a_components_child(name: str) -> None:
    graph = shipped_graph(name)
    components = {resource.urn for resource in graph.resources if resource.type.startswith("morefocus:")}
    orphans = [resource.urn for resource in graph.resources if resource.type.startswith("aws:") and resource.parent not in components]
    assert not orphans


@pytest.mark.parametrize("name", ["eu-west-1", "sa-east-1", "staging"])
def test_a_region_outside_the_hub_names_only_regions_that_hold_its_copies_or_are_joined_to_it(name: str) -> None:
    settings = load(name)
    estate, plan = settings.estate, settings.plan
    paired = {each.region for each in estate.plans.values() if each.database.standby_region == plan.region}
    allowed: dict[str, set[Region | None]] = {
        "morefocus:security:DataKey": set(destinations(settings)),
        "morefocus:data:Standby": {*paired, plan.database.standby_region},
        "morefocus:network:TransitPeering": {estate.plans[peer].region for peer in estate.earlier_peers(name)},
        "morefocus:edge:RegionalFront": {HUB_REGION},
        # Its alarm, and where Route 53 asks from.
        "morefocus:edge:ApiFront": {HUB_REGION, *CHECKED_FROM},
    }
    found = [
        (resource.urn, region.value)
        for resource in shipped_graph(name).resources
        for region in set(Region) - {plan.region}
        if resource.type.startswith("aws:") and region in repr(resource.inputs)
        if region not in allowed.get(component_of(resource), set(plan.copies))
    ]
    assert not found


def component_of(resource: Recorded) -> str:
    """Return the type of the component that a resource stands in."""
    return resource.urn.split("::")[2].split("$")[-2]


@pytest.mark.parametrize("name", STACKS)
def test_a_preview_before_the_first_up_registers_the_same_resources(name: str) -> None:
    assert composed(load(name), preview=True).tree() == shipped_graph(name).tree()


@pytest.mark.parametrize("name", STACKS)
def test_everything_exported_is_known_after_an_up(name: str) -> None:
    exported = shipped_graph(name).stack_outputs
    assert not [key for key, value in exported.items() if value in (None, "") or (isinstance(value, list) and None in value)]
    assert len(exported["database_replica_endpoints"]) == load(name).plan.database.replicas


def test_the_hubs_stack_has_the_hub_and_a_region_and_the_others_a_region_only() -> None:
    def kinds(name: str) -> set[str]:
        return {resource.type for resource in shipped_graph(name).resources if resource.type.startswith("morefocus:")}

    hub = kinds("us-east-1")
    assert hub >= HUB_KINDS and not hub & PAIR_KINDS
    region = hub - HUB_KINDS
    assert kinds("eu-west-1") == region | PAIR_KINDS
    # Its file names no region for the backups that RDS keeps.
    assert kinds("sa-east-1") == (region | PAIR_KINDS) - {"morefocus:data:BackupReplication"}
    assert region >= OF_PRODUCTION | OFF_IN_STAGING and kinds("staging") == region - OF_PRODUCTION - OFF_IN_STAGING


@pytest.mark.parametrize("name", STACKS)
def test_whoever_watches_a_deployment_sees_every_alarm_of_the_stack(name: str) -> None:
    settings = load(name)
    places = watched(settings)
    alarms = [each.inputs for each in shipped_graph(name).of_type("aws:cloudwatch/metricAlarm:MetricAlarm")]
    unseen = [
        each["name"]
        for each in alarms
        if not each["name"].startswith(places.get(Region(each.get("region") or settings.plan.region), "none"))
    ]
    assert alarms and not unseen


def test_a_fourth_region_is_composed_from_its_file_alone(tmp_path: Path) -> None:
    graph = composed(load("ap-southeast-2", root=write(with_a_fourth_region(), tmp_path)))
    kinds = {resource.type for resource in shipped_graph("eu-west-1").resources}
    assert kinds - {resource.type for resource in graph.resources} == LEFT_OUT_OF_THE_FOURTH
    assert {resource.type for resource in graph.resources} <= kinds
    assert graph.one("aws:ec2/vpc:Vpc").inputs["cidrBlock"] == "10.4.0.0/16"
    assert graph.one("aws:eks/cluster:Cluster").inputs["name"] == "morefocus-prod-apse2-cluster"


def test_the_context_carries_the_plans_facts() -> None:
    context = context_of(load("eu-west-1"))
    assert context.prefix == "morefocus-prod-euw1"
    assert (context.jurisdiction, context.owner, context.account_id) == ("gdpr", "platform", "123456789012")
