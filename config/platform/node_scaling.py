"""Who adds nodes when pods find no place (CMP-4)."""

from typing import Annotated, Literal

from pydantic import Field

from config.fields import Model


class NodeScalingPlan(Model):
    """The cluster's own scaling of nodes."""

    by: Annotated[
        Literal["cluster-autoscaler", "karpenter", "none"],
        Field(
            description="cluster-autoscaler: over the managed groups; karpenter: single nodes beside them, together no more than max; "
            "none: by the clock and forecasts alone"
        ),
    ]
