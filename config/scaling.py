"""When a cluster's pools have more nodes, and who foresees that they will need them (CMP-4)."""

import re
from typing import Annotated, Literal

from pydantic import Field, model_validator

from config.errors import refuse
from config.fields import Count, Model, TimeZone

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


class WorkingHours(Model):
    """When a region's customers work, in their own time."""

    time_zone: Annotated[TimeZone, Field(description="IANA time zone such as America/Sao_Paulo; summer time is followed")]
    days: Annotated[tuple[Day, ...], Field(min_length=1, description="days of the week: mon to sun")]
    start: Annotated[str, Field(description="HH:MM in quotes, from when each pool keeps its working_min")]
    end: Annotated[str, Field(description="HH:MM in quotes, the same day, from when its min is enough")]

    @model_validator(mode="after")
    def _is_a_time_of_day(self) -> "WorkingHours":
        for key, time in (("start", self.start), ("end", self.end)):
            if not _TIME.fullmatch(time):
                raise refuse("a time from 00:00 to 23:59", "write HH:MM in quotes", key=key, given=time)
        if self.start >= self.end:
            raise refuse(f"a time after start ({self.start})", "working hours begin and end on the same day", key="end", given=self.end)
        if len(set(self.days)) != len(self.days):
            raise refuse("days that differ", "name each day once", key="days", given=", ".join(self.days))
        return self


class ScalingPlan(Model):
    """How the number of nodes follows the hour and the forecast, besides the demand itself."""

    working_hours: Annotated[WorkingHours | None, Field(description="when pools keep working_min nodes; null: their min at all hours")]
    predictive: Annotated[
        Literal["off", "forecast", "scale"],
        Field(description="forecast: AWS predicts and shows the load; scale: it starts nodes ahead of it as well; off: neither"),
    ]
    cpu_percent: Annotated[Count, Field(ge=10, le=90, description="average CPU that predictive scaling aims at, 10 to 90")]
