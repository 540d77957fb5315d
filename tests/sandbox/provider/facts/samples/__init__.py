"""Inputs as the estate declares them, one set for every resource type it is made of."""

from __future__ import annotations

from typing import Any, Final

from tests.sandbox.provider.facts.samples.cluster import CLUSTER
from tests.sandbox.provider.facts.samples.databases import DATABASES
from tests.sandbox.provider.facts.samples.edge import EDGE
from tests.sandbox.provider.facts.samples.network import NETWORK
from tests.sandbox.provider.facts.samples.security import SECURITY
from tests.sandbox.provider.facts.samples.storage import STORAGE

SAMPLES: Final[dict[str, dict[str, Any]]] = {**NETWORK, **SECURITY, **CLUSTER, **DATABASES, **STORAGE, **EDGE}

REGIONS: Final = ("us-east-1", "eu-west-1", "sa-east-1", "eu-central-1", "us-west-2")

UNKNOWN: Final = object()
"""Stands for a value that is not known before the deployment."""
