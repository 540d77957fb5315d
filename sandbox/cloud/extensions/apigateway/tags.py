"""Tags of everything that has an ARN; moto knows those of stages."""

from __future__ import annotations

from typing import Any

from sandbox.cloud.extensions.apigateway.common import not_found
from sandbox.cloud.extensions.common import Tags, tagging


def install() -> None:
    """Adds it to moto."""
    from moto.apigateway.responses import APIGatewayResponse
    from moto.apigateway.urls import url_paths

    operations = tagging(_tags)
    APIGatewayResponse.get_tags = operations["list_tags_for_resource"]
    APIGatewayResponse.tag_resource = operations["tag_resource"]
    APIGatewayResponse.untag_resource = operations["untag_resource"]
    url_paths["{0}/tags/(?P<resourceArn>.+)$"] = APIGatewayResponse.dispatch


def _tags(response: Any, arn: str) -> Tags:
    backend = response.backend
    match arn.partition("::/")[2].split("/"):
        case ["restapis", api]:
            holder = backend.get_rest_api(api)
        case ["restapis", api, "stages", stage]:
            holder = backend.get_stage(api, stage)
        case ["usageplans", plan]:
            holder = backend.get_usage_plan(plan)
        case ["apikeys", key]:
            holder = backend.get_api_key(key)
        case ["domainnames", name]:
            holder = backend.get_domain_name(name)
        case _:
            raise not_found(f"Invalid resource identifier specified: {arn}")
    holder.tags = holder.tags or {}
    found: Tags = holder.tags
    return found
