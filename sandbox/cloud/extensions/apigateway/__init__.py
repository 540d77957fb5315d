"""API Gateway (REST): whole imports of OpenAPI, patches that change what they say, stages, usage plans, domains, tags."""

from __future__ import annotations

from sandbox.cloud.extensions.apigateway import apis, domains, importing, plans, stages, tags


def install() -> None:
    """Adds it to moto."""
    for part in (apis, importing, stages, plans, domains, tags):
        part.install()
