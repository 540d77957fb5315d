"""Who adds nodes when pods find no place (CMP-4)."""

from typing import Annotated, Literal

from pydantic import Field

from config.fields import Model


class NodeScalingPlan(Model):
    """The cluster's own scaling of nodes."""

    by: Annotated[
        Literal["cluster-autoscaler", "none"],
        Field(description="cluster-autoscaler: over the managed groups, between their min and max; none: by the clock and forecasts alone"),
    ]
