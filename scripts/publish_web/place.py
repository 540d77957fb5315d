"""Where a stack's web client is, by names that follow from its config, and the clients to reach it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import boto3
from botocore.compat import HAS_CRT
from botocore.config import Config
from botocore.exceptions import ClientError

from components.edge.content_delivery import store_name
from config.load import load
from scripts.publish_web.build import PublishError
from scripts.publish_web.releases import Releases
from stacks.compose import context_of
from stacks.hub import CONTENT, WEB


def place_of(stack: str, project: Path) -> Releases:
    """Return where the client of a stack is.

    Raises PublishError when the stack is not the hub, or was not brought up; ConfigError when its config is wrong.
    """
    settings = load(stack, root=project)
    if not settings.plan.hub:
        raise PublishError(f"the web client is delivered by the hub, and {stack} is none: STACK={settings.estate.hub_stack}")
    context = context_of(settings)
    session = boto3.Session(region_name=context.region.value)
    name = store_name(context, WEB)
    try:
        arn = session.client("cloudfront").describe_key_value_store(Name=name)["KeyValueStore"]["ARN"]
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("EntityNotFound", "NoSuchResource"):
            raise
        raise PublishError(f"there is no key-value store {name}: bring stack {stack} up first") from None
    who = session.client("sts").get_caller_identity()["Arn"]
    return Releases(s3=session.client("s3"), store=entries(session), bucket=context.physical(CONTENT), store_arn=arn, by=who)


def entries(session: boto3.Session) -> Any:
    """Return the client of stores' entries, which AWS takes signed for no region in particular (SigV4A) alone.

    Raises PublishError where nothing here can sign so.
    """
    service = "cloudfront-keyvaluestore"
    emulated = os.environ.get("AWS_ENDPOINT_URL")
    if emulated is None:
        if not HAS_CRT:
            raise PublishError(
                "changes of a key-value store are signed by a library of AWS: pip install 'botocore[crt]', then run it again"
            )
        return session.client(service)
    client = session.client(service, config=Config(signature_version="v4"))

    def at_one_name(request: Any, **_: Any) -> None:
        # AWS has a host for each account; an emulated cloud has one for all.
        account, _, rest = request.url.partition("://")[2].partition(".")
        if account.isdigit() and len(account) == 12:
            request.url = f"{emulated.partition('://')[0]}://{rest}"

    client.meta.events.register(f"before-sign.{service}", at_one_name)
    return client
