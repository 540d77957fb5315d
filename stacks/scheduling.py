"""The scheduling service of a stack that has it: what it is made with, and what is learned of it (SCH-1 to SCH-11).

The contract is read here and checked before anything is registered, so that a route without an authorizer ends the preview (API-5).
"""

from collections.abc import Mapping

import pulumi
import yaml

from components._base import Context
from components._base.function import function_name
from components.data.bucket import Bucket, BucketArgs
from components.data.bucket_statements import bucket_arn
from components.products.scheduling.functions import FUNCTIONS, Bundle, Runtime, Size, component_name
from components.products.scheduling.hosts import Hosts
from components.products.scheduling.scheduling import Scheduling, SchedulingArgs, Topics
from components.products.scheduling.variables import Told
from components.serverless.contract import Contract, ContractError, read_contract
from components.serverless.function_network import Egress, FunctionNetwork
from components.serverless.release import RELEASES, Release, ReleaseArgs
from config.errors import ConfigError, Problem
from config.estate import HUB_REGION
from config.load import ROOT, Settings
from config.scheduling import SchedulingPlan
from config.secrets_extension import layer_arn
from config.vocabulary import Backup, DataClass, Region
from stacks.alerting import runbooks
from stacks.copies import CopySite, sites_for
from stacks.foundation import Foundation
from stacks.function_sources import scheduling_files
from stacks.handoff import HubExports, RegionExports, SchedulingExports
from stacks.rollouts import build_rollout

CONTRACT = "services/scheduling/openapi"
"""Folder of the contract, one document a version."""
FILES = "files"
"""The region's bucket of persons' files."""
WEB_HOST = "app"
"""Host of the web client under the domain, which the hub serves."""
REDRIVERS = ("platform-administrator",)
"""Roles of people who move parked messages back."""


def read_documents(folder: str = CONTRACT) -> Contract:
    """Return the contract of the repository.

    Raises ConfigError with one problem for each fault, naming the route and what to do.
    """
    paths = sorted((ROOT / folder).glob("*.v*.yaml"))
    documents = {path.stem.rpartition(".")[2]: yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) for path in paths}
    try:
        return read_contract(documents)
    except ContractError as error:
        remedy = "correct the document: routes are declared there alone"
        raise ConfigError(
            Problem(folder, "the contract", fault, "a contract that can be deployed", remedy) for fault in error.faults
        ) from error


def agreed(settings: Settings) -> Contract | None:
    """Return the contract of a stack that has the service; None for one without.

    Raises ConfigError as `read_documents` does.
    """
    return read_documents() if settings.plan.scheduling.enabled else None


def build_scheduling(
    settings: Settings,
    context: Context,
    foundation: Foundation,
    region: RegionExports,
    contract: Contract,
    *,
    secret_arns: pulumi.Output[dict[str, str]],
    copies: tuple[CopySite, ...],
    zone_id: pulumi.Input[str],
    hub: HubExports | None,
) -> SchedulingExports:
    """Build the service; `hub` is None in the hub's own stack, `secret_arns` are those of the catalogue by row.

    Raises ConfigError naming the row to write when the transfer register does not allow a copy of its table.
    """
    plan, keys = settings.plan, foundation.keys
    scheduling = plan.scheduling
    releases = _releases(settings, context, foundation)
    release = Release("scheduling-release", context, _release(scheduling, releases, keys.operational_arn))
    made = Scheduling(
        "scheduling",
        context,
        SchedulingArgs(
            hosts=hosts(settings),
            zone_id=zone_id,
            contract=contract,
            bundle=Bundle(bucket=release.bucket, key=release.key, source_hash=release.source_hash),
            runtime=_runtime(settings, context, foundation, region, secret_arns),
            topics=_topics(context, foundation, hub),
            told=_told(scheduling, region.files_bucket),
            files_bucket_arn=bucket_arn(context, FILES),
            copies=_copies(settings, copies),
            failover_to=stand_in(settings),
            dmarc_reports=scheduling.mail.dmarc_reports,
            requests_per_minute=scheduling.requests_per_minute,
            cache_seconds=scheduling.cache_seconds,
            redrivers=[context.arn("iam", f"role/{role}", region="") for role in REDRIVERS],
            monthly_usd=scheduling.monthly_usd,
            runbooks=f"{runbooks(settings)}/scheduling",
            owns_log_role=settings.estate.owns_region(settings.stack),
            protect=plan.protect,
        ),
    )
    return SchedulingExports(
        api_host=made.api_host,
        user_pool_id=made.user_pool_id,
        web_client_id=made.web_client_id,
        mobile_client_id=made.mobile_client_id,
        sign_in_host=made.sign_in_host,
        queue_url=made.queue_url,
        table_name=made.table_name,
        release_bucket=releases.name,
        dashboard_name=made.dashboard_name,
    )


def hosts(settings: Settings) -> Hosts:
    """Return the names of the region's API, and the regions it stands in for, which their ASN tells apart."""
    estate, plan = settings.estate, settings.plan
    others = [estate.plans[peer] for peer in estate.peers(settings.stack)]
    return Hosts(
        region=plan.region,
        domain=settings.domain,
        web=f"{WEB_HOST}.{settings.domain}",
        stands_in_for={
            f"stand-in-{other.network.asn}": other.region
            for other in others
            if other.scheduling.enabled and other.connectivity.failover_to is plan.region
        },
    )


def stand_in(settings: Settings) -> Region | None:
    """Return the region whose API answers when this one's does not; None where there is none with the service."""
    estate, wanted = settings.estate, settings.plan.connectivity.failover_to
    there = estate.stack_in(wanted, settings.stack)
    # Staging is joined to nothing, and has no other region to go to.
    known = there is not None and there in estate.peers(settings.stack) and estate.plans[there].scheduling.enabled
    return wanted if known and wanted is not settings.plan.region else None


def _topics(context: Context, foundation: Foundation, hub: HubExports | None) -> Topics:
    here = context.region is HUB_REGION
    return Topics(
        alerts=foundation.alert_topic_arn,
        hub_alerts=foundation.alert_topic_arn if here or hub is None else hub.alert_topic_arn,
        hub_context=context if here else context.copy_in(HUB_REGION),
    )


def _told(plan: SchedulingPlan, files_bucket: pulumi.Input[str]) -> Told:
    return Told(
        whatsapp=plan.whatsapp,
        sender=plan.mail.sender,
        language=plan.language,
        time_zone=plan.time_zone,
        retention_days=plan.retention_days.model_dump(exclude_none=True),
        files_bucket=files_bucket,
        messages_per_minute=plan.messages_per_minute,
    )


def _releases(settings: Settings, context: Context, foundation: Foundation) -> Bucket:
    """Build the bucket of bundles: a version that was in service can be taken back into it for as long as it is kept."""
    return Bucket(
        RELEASES,
        context,
        BucketArgs(
            data_class=DataClass.OPERATIONAL,
            key_arn=foundation.keys.operational_arn,
            log_bucket=foundation.logs.name,
            tiered=False,
            backup=Backup.NONE,
            protect=settings.plan.protect,
        ),
    )


def _release(plan: SchedulingPlan, releases: Bucket, key_arn: pulumi.Input[str]) -> ReleaseArgs:
    if plan.artifact is not None:
        return ReleaseArgs(bucket=releases.name, key_arn=key_arn, key=plan.artifact.key, source_hash=plan.artifact.sha256)
    return ReleaseArgs(bucket=releases.name, key_arn=key_arn, files=scheduling_files())


def _runtime(
    settings: Settings, context: Context, foundation: Foundation, region: RegionExports, secret_arns: pulumi.Output[dict[str, str]]
) -> Runtime:
    plan, keys = settings.plan, foundation.keys
    private = pulumi.Output.from_input(region.private_subnet_ids)
    return Runtime(
        sizes=sizes(plan.scheduling),
        secrets={name: _arn(secret_arns, row) for name, row in plan.scheduling.secret_rows(plan.markets).items()},
        network=FunctionNetwork(
            vpc_id=region.vpc_id,
            subnet_ids=[private[order] for order in range(len(plan.network.zones))],
            # Providers' addresses change from day to day, and so do those of AWS's services without an endpoint here.
            egress=[Egress(to="https", cidr="0.0.0.0/0")],
        ),
        extension_layer_arn=plan.scheduling.extension_layer or layer_arn(plan.region),
        key_arn=keys.personal_arn,
        credentials_key_arn=keys.credentials_arn,
        log_key_arn=keys.logs_arn,
        log_retention_days=plan.log_retention_days,
        alert_topic_arn=foundation.alert_topic_arn,
        canary=build_rollout(settings, context, foundation, [function_name(context, component_name(each)) for each in FUNCTIONS]),
    )


def sizes(plan: SchedulingPlan) -> Mapping[str, Size]:
    """Return how much each function may take."""
    return {
        name: Size(memory_mb=size["memory_mb"], timeout_seconds=size["timeout_seconds"], reserved_concurrency=size["reserved_concurrency"])
        for name, size in plan.functions.model_dump().items()
    }


def _copies(settings: Settings, copies: tuple[CopySite, ...]) -> dict[Region, pulumi.Input[str]]:
    sites = sites_for(copies, DataClass.PERSONAL)
    for site in sites:
        settings.estate.register.require(DataClass.PERSONAL, settings.plan.region, site.region)
    return {site.region: site.keys[DataClass.PERSONAL] for site in sites}


def _arn(secret_arns: pulumi.Output[dict[str, str]], row: str) -> pulumi.Output[str]:
    return secret_arns.apply(lambda arns: arns[row])
