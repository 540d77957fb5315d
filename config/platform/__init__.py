"""What runs in a region's cluster, and how much of it (D10)."""

from typing import Annotated

from pydantic import Field

from config.fields import Model
from config.platform.automation import AutomationPlan
from config.platform.logs import LogsPlan
from config.platform.mesh import MeshPlan
from config.platform.monitoring import MonitoringPlan
from config.platform.node_scaling import NodeScalingPlan
from config.platform.pooling import PoolingPlan
from config.platform.vault import VaultPlan


class PlatformPlan(Model):
    """What one stack's cluster runs for all its tenants."""

    node_scaling: Annotated[NodeScalingPlan, Field(description="who adds nodes when pods find no place")]
    mesh: Annotated[MeshPlan, Field(description="mTLS between services")]
    vault: Annotated[VaultPlan, Field(description="secrets of applications")]
    monitoring: Annotated[MonitoringPlan, Field(description="metrics, alerts, dashboards, and who watches from outside")]
    logs: Annotated[LogsPlan, Field(description="search over logs")]
    automation: Annotated[AutomationPlan, Field(description="n8n")]
    pooling: Annotated[PoolingPlan, Field(description="connections to PostgreSQL, and the databases of tenants")]
