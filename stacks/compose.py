"""The whole program: settings are loaded and checked, then the hub where the plan says so, and the region always."""

import pulumi
from pulumi.runtime import config as engine_config

from components._base import Context
from config.errors import ConfigError
from config.load import Settings, load
from stacks.foundation import build_foundation
from stacks.handoff import publish_hub, publish_region, read_hub
from stacks.hub import build_hub, build_zone
from stacks.pools import node_pools
from stacks.region import build_region


def main() -> None:
    """Compose the stack the engine has selected.

    Raises RunError, which the engine shows without a traceback, when the configuration cannot be used.
    """
    try:
        settings = load(pulumi.get_stack(), _given(), secret_keys=pulumi.runtime.get_config_secret_keys_env())
        for notice in settings.notices:
            (pulumi.log.warn if notice.urgent else pulumi.log.info)(notice.text)
        compose(settings)
    except ConfigError as error:
        raise pulumi.RunError(str(error)) from None


def compose(settings: Settings) -> None:
    """Build the stack that `settings` describe and publish its outputs.

    Raises ConfigError, and RunError without the hub, before anything is registered.
    """
    context = context_of(settings)
    pools = node_pools(settings)
    if settings.plan.hub:
        foundation = build_foundation(settings, context)
        zone = build_zone(settings, context)
        publish_hub(build_hub(settings, context, foundation, zone))
        zone_id: pulumi.Input[str] = zone.zone_id
    else:
        # Read first: when the hub is missing the program ends before anything is registered.
        zone_id = read_hub(settings.estate.hub_stack).zone_id
        foundation = build_foundation(settings, context)
    publish_region(build_region(settings, context, foundation, zone_id, pools))


def context_of(settings: Settings) -> Context:
    """Return the facts that all components of the stack share."""
    plan = settings.plan
    return Context(
        environment=plan.environment,
        region=plan.region,
        owner=plan.owner,
        jurisdiction=plan.law,
        cost_centre=plan.cost_centre,
        account_id=plan.account_id,
    )


def _given() -> dict[str, str]:
    """Return the selected stack's config as the engine passed it, in every namespace."""
    return {**pulumi.runtime.get_config_env(), **engine_config.CONFIG.get()}
