"""How new versions of a stack's functions are taken into service, and back (DEL-2, DEL-3)."""

from collections.abc import Sequence

from components._base import Context
from components.serverless.canary import Canary, CanaryArgs
from components.serverless.node_function import CanaryPlan
from components.serverless.rollout_guard import RolloutGuard, RolloutGuardArgs
from config.load import ROOT, Settings
from stacks.foundation import Foundation

ROLLOUT = "scheduling-rollout"
"""Component that holds the functions of a stack together; the command that drives finds its application by this name."""
_FILES = ("services/__init__.py", *(f"services/rollout_guard/{part}.py" for part in ("__init__", "handler")))


def build_rollout(settings: Settings, context: Context, foundation: Foundation, functions: Sequence[str]) -> CanaryPlan | None:
    """Build what moves the functions of these physical names to new versions; None where all calls move at once, with `up`."""
    plan = settings.plan.scheduling.canary
    if plan is None:
        return None
    canary = Canary(ROLLOUT, context, CanaryArgs(functions=functions, steps=plan.steps, bake_minutes=plan.bake_minutes))
    guard = RolloutGuard(
        f"{ROLLOUT}-guard",
        context,
        RolloutGuardArgs(
            functions=functions,
            sources={path: (ROOT / path).read_text(encoding="utf-8") for path in _FILES},
            alert_topic_arn=foundation.alert_topic_arn,
            log_key_arn=foundation.keys.logs_arn,
            log_retention_days=settings.plan.log_retention_days,
        ),
    )
    return CanaryPlan(application=canary.application, config=canary.config, role_arn=canary.role_arn, guard_arn=guard.arn)
