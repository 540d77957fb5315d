"""What exists once, in us-east-1: the zone of the domain, and the web client's delivery to the world (D9)."""

from dataclasses import replace

import pulumi

from components._base import Context
from components.data.bucket import Bucket, BucketArgs
from components.data.bucket_statements import bucket_arn, distribution_reads
from components.edge.api_front import api_host
from components.edge.certificate import Certificate, CertificateArgs
from components.edge.content_delivery import ContentDelivery, ContentDeliveryArgs
from components.edge.content_security import PAYMENT_SOURCES, Sources, policy
from components.edge.origin import origin_host
from components.edge.web_acl import WebAcl, WebAclArgs
from components.edge.webhook_delivery import WebhookDelivery, WebhookDeliveryArgs, webhook_host
from components.edge.zone import Zone, ZoneArgs
from components.identity.user_pool import sign_in_host
from config.estate import in_order
from config.load import Settings
from config.models import RegionPlan
from config.vocabulary import DataClass
from stacks.foundation import Foundation
from stacks.handoff import HubExports

WEB = "web"
"""Name of the delivery of the web client."""
WEB_HOST = "app"
"""Host of the web client under the stack's domain."""
CONTENT = "web-content"
"""Name of the bucket the web client is uploaded to."""
USERS = "scheduling-users"
"""Name of each region's pool of users, which the client signs them in at."""


def build_zone(settings: Settings, context: Context) -> Zone:
    """Build the zone, which the hub's own region needs as well."""
    # Let's Encrypt issues what the clusters ask for.
    args = ZoneArgs(domain=settings.domain, other_authorities=("letsencrypt.org",), protect=settings.plan.protect)
    return Zone("domain", context, args)


def build_hub(settings: Settings, context: Context, foundation: Foundation, zone: Zone) -> HubExports:
    """Build the web client's certificate, web ACL, distribution and bucket, and return what regions and people need."""
    plan = settings.plan
    host = f"{WEB_HOST}.{settings.domain}"
    names = CertificateArgs(domain=host, zone_id=zone.zone_id, alert_topic_arn=foundation.alert_topic_arn)
    certificate = Certificate("web-certificate", context, names)
    firewall = WebAcl(
        "web-firewall",
        context,
        WebAclArgs(scope="CLOUDFRONT", log_key_arn=foundation.keys.logs_arn, log_retention_days=plan.log_retention_days),
    )
    delivery = ContentDelivery(
        WEB,
        context,
        ContentDeliveryArgs(
            host=host,
            zone_id=zone.zone_id,
            certificate_arn=certificate.arn,
            # By its derived name: the bucket's policy names the distribution, so the bucket cannot come first.
            bucket_domain_name=f"{context.physical(CONTENT)}.s3.{context.region}.amazonaws.com",
            web_acl_arn=firewall.arn,
            log_bucket_arn=foundation.logs.arn,
            apis={each.region.code: api_host(each.region, settings.domain) for each in _served(settings)},
            content_security_policy=policy(*_sources(settings, context)),
            protect=plan.protect,
        ),
    )
    content = Bucket(
        CONTENT,
        context,
        BucketArgs(
            data_class=DataClass.PUBLIC,
            key_arn=None,
            log_bucket=foundation.logs.name,
            statements=distribution_reads(bucket_arn(context, CONTENT), delivery.distribution_arn),
            # The client is small and always read.
            tiered=False,
            protect=plan.protect,
        ),
    )
    _hooks(settings, context, foundation, zone, firewall.arn)
    return HubExports(
        zone_id=zone.zone_id,
        name_servers=zone.name_servers,
        web_url=delivery.url,
        web_bucket=content.name,
        web_distribution_id=delivery.distribution_id,
        web_distribution_domain=delivery.domain_name,
        alert_topic_arn=foundation.alert_topic_arn,
    )


def _served(settings: Settings) -> list[RegionPlan]:
    """Return the plans of this environment that have the scheduling service, the hub's first: the client is theirs alone."""
    plans = settings.estate.plans
    return [
        plans[stack]
        for stack in in_order(plans)
        if plans[stack].scheduling.enabled and plans[stack].environment == settings.plan.environment
    ]


def _sources(settings: Settings, context: Context) -> list[Sources]:
    """Return whom the client calls beside its own host: the pools its users sign in at, and who takes their payments."""
    served = _served(settings)
    pools = [f"https://{sign_in_host(replace(context, region=each.region), USERS)}" for each in served]
    providers = dict.fromkeys(provider for each in served for provider in each.scheduling.providers(each.markets))
    return [Sources(connect=pools), *(PAYMENT_SOURCES[provider] for provider in providers)]


def _hooks(settings: Settings, context: Context, foundation: Foundation, zone: Zone, firewall_arn: pulumi.Input[str]) -> None:
    """Build the public names of the webhooks of every stack that has n8n, which the hub knows by derived names alone (D12)."""
    estate = settings.estate
    # Told apart by their ASN, as regions' fronts are: a name says no place.
    with_n8n = [stack for stack in in_order(estate.plans) if estate.plans[stack].platform.automation.enabled]
    stacks = {f"hooks-{estate.plans[stack].network.asn}": stack for stack in with_n8n}
    hosts = {name: webhook_host(estate.plans[stack].region, estate.domain_of(stack)) for name, stack in stacks.items()}
    if not hosts:
        return
    first, *others = hosts
    certificate = Certificate(
        "hooks-certificate",
        context,
        CertificateArgs(
            domain=hosts[first],
            zone_id=zone.zone_id,
            alternative_names={name: hosts[name] for name in others},
            alert_topic_arn=foundation.alert_topic_arn,
        ),
    )
    for name, stack in stacks.items():
        plan = estate.plans[stack]
        WebhookDelivery(
            name,
            context,
            WebhookDeliveryArgs(
                host=hosts[name],
                zone_id=zone.zone_id,
                certificate_arn=certificate.arn,
                origin=origin_host(plan.region, estate.domain_of(stack)),
                web_acl_arn=firewall_arn,
                log_bucket_arn=foundation.logs.arn,
                protect=settings.plan.protect,
            ),
        )
