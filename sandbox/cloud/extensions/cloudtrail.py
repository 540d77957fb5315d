"""CloudTrail: selectors replace what stood before them, and a trail says whether it has any."""

from __future__ import annotations

from functools import wraps
from typing import Any


def install() -> None:
    """Adds it to moto."""
    from moto.cloudtrail.models import Trail

    Trail.put_event_selectors = _put_events
    Trail.put_insight_selectors = _put_insights
    Trail.description = _described(Trail.description)


def _put_events(self: Any, event_selectors: Any, advanced_event_selectors: Any) -> None:
    self.event_selectors = event_selectors or []
    self.advanced_event_selectors = advanced_event_selectors or []


def _put_insights(self: Any, insight_selectors: Any) -> None:
    self.insight_selectors = list(insight_selectors or [])


def _described(original: Any) -> Any:
    @wraps(original)
    def description(self: Any, include_region: bool = False) -> Any:
        return original(self, include_region) | {
            "HasCustomEventSelectors": bool(self.event_selectors or self.advanced_event_selectors),
            "HasInsightSelectors": bool(self.insight_selectors),
            "HomeRegion": self.region_name,
        }

    return description
