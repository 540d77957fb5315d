"""Cognito user pools as AWS keeps them: whole pools, clients, domains, styles, resource servers, risk and log settings, tags."""

from __future__ import annotations

from sandbox.cloud.extensions.cognitoidp import branding, clients, domains, pools, settings


def install() -> None:
    """Adds it to moto."""
    for part in (pools, clients, domains, branding, settings):
        part.install()
