"""The counterparts of the estate's resource types (see `cfn_names`), each compared property by property."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sandbox.provider.facts.cfn_names import Names
from sandbox.provider.facts.cfn_table.cluster import CLUSTER
from sandbox.provider.facts.cfn_table.databases import DATABASES
from sandbox.provider.facts.cfn_table.edge import EDGE
from sandbox.provider.facts.cfn_table.elsewhere import ELSEWHERE
from sandbox.provider.facts.cfn_table.network import NETWORK
from sandbox.provider.facts.cfn_table.security import SECURITY
from sandbox.provider.facts.cfn_table.storage import STORAGE

TABLE: Final[Mapping[str, Names]] = {**NETWORK, **SECURITY, **CLUSTER, **DATABASES, **STORAGE, **EDGE, **ELSEWHERE}
