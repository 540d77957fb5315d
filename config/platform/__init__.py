"""What runs in a region's cluster, and how much of it (D10)."""

from typing import Annotated

from pydantic import Field, model_validator

from config.errors import refuse
from config.fields import Model
from config.platform.automation import AutomationPlan
from config.platform.logs import LogsPlan
from config.platform.mesh import MeshPlan
from config.platform.monitoring import MonitoringPlan
from config.platform.node_scaling import NodeScalingPlan
from config.platform.pooling import PoolingPlan
from config.platform.sizing import connections
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

    @model_validator(mode="after")
    def _n8n_finds_connections(self) -> "PlatformPlan":
        plan, room = self.automation, self.pooling.replicas * self.pooling.n8n
        most = connections(mains=plan.mains.max, webhooks=plan.webhook_processors.max, workers=plan.workers.max, pool_size=plan.pool_size)
        # Clients are spread by chance: a fifth of the room stays free, so that no PgBouncer is full while others are not.
        if plan.enabled and most > room * 4 // 5:
            raise refuse(
                f"a size with which n8n asks for at most {room * 4 // 5} connections, four fifths of pooling.replicas x pooling.n8n",
                "lower automation.pool_size or a max of its processes, or raise pooling.n8n",
                key="automation.pool_size",
                given=f"{plan.pool_size}, so {most} connections",
            )
        return self
