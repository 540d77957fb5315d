"""What a run does before it knows any component: settings are loaded and checked, and earlier stacks are asked for what they export."""

import gc
import os
from collections.abc import Callable

import pulumi
from pulumi.runtime import config as engine_config

from config.errors import ConfigError
from config.load import Settings, load
from stacks.handoff import Readings, read_earlier
from stacks.sdk_packages import load_on_demand

SDK_DEBUG = "MOREFOCUS_SDK_DEBUG"
"""Set to anything, `pulumi up --debug` also shows what the SDK does."""


def main() -> None:
    """Compose the stack the engine has selected.

    Raises RunError, which the engine shows without a traceback, when the configuration cannot be used.
    """
    if not os.environ.get(SDK_DEBUG):
        _keep_steps_of_the_sdk()
    try:
        settings = load(pulumi.get_stack(), _given(), secret_keys=pulumi.runtime.get_config_secret_keys_env())
        for notice in settings.notices:
            (pulumi.log.warn if notice.urgent else pulumi.log.info)(notice.text)
        readings = read_earlier(settings)
        _composer()(settings, readings)
    except ConfigError as error:
        raise pulumi.RunError(str(error)) from None


def _keep_steps_of_the_sdk() -> None:
    """Have the SDK tell the engine nothing of its own steps, which is shown with `--debug` only.

    It does so by some blocking calls for each resource: a tenth of a run of this estate, and a third of one with a thousand tenants.
    """
    pulumi.log.debug = lambda *_told, **_named: None


def _composer() -> Callable[[Settings, Readings | None], None]:
    """Load the components and with them the SDK: last, so that nobody waits for it after a mistake in the configuration."""
    # The SDK's classes are many and live to the end: collecting garbage while they load finds none and takes a third of the time.
    load_on_demand("pulumi_aws")
    from stacks.compose import compose

    gc.freeze()
    # A run makes objects that live to its end, and looking through them again and again is a third of a run of 2,000 resources.
    gc.set_threshold(100_000, 20, 20)
    gc.enable()
    return compose


def _given() -> dict[str, str]:
    """Return the selected stack's config as the engine passed it, in every namespace."""
    return {**pulumi.runtime.get_config_env(), **engine_config.CONFIG.get()}
