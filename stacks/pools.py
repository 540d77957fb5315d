"""The node pools of a plan as the cluster takes them; worked out before anything is registered."""

from components.cluster.capacity import PoolSize
from components.cluster.node_pool import PoolArgs
from components.cluster.node_scaling import Scaling, WorkingHours
from config.errors import ConfigError, Problem
from config.estate import stack_file
from config.load import Settings
from config.models import PoolPlan
from config.scaling import ScalingPlan


def node_pools(settings: Settings) -> tuple[PoolArgs, ...]:
    """Return the standard pool, the intensive one, which only pods that ask for it may use, and those of tenants (CMP-2, CMP-3, NET-8).

    Raises ConfigError when a pool is on Spot and no types are known that could stand in for its own.
    """
    cluster = settings.plan.cluster
    problems: list[Problem] = []
    pools = [
        _pool(settings, "standard", cluster.standard, problems),
        _pool(settings, "intensive", cluster.intensive, problems, dedicated=True),
    ]
    pools += [
        _pool(settings, tenant.namespace, tenant.nodes, problems, dedicated=True) for tenant in settings.tenants if tenant.has_own_nodes
    ]
    if problems:
        raise ConfigError(problems)
    return tuple(pool for pool in pools if pool is not None)


def _pool(settings: Settings, name: str, plan: PoolPlan, problems: list[Problem], *, dedicated: bool = False) -> PoolArgs | None:
    try:
        return PoolArgs(
            name=name,
            instance_type=plan.instance_type,
            size=PoolSize(minimum=plan.min, desired=plan.desired, maximum=plan.max),
            spot_percent=round(settings.plan.cluster.spot_share * 100),
            spot_instance_types=plan.spot_instance_types,
            dedicated=dedicated,
            working_min=plan.desired if plan.working_min is None else plan.working_min,
            scaling=_scaling(settings.plan.cluster.scaling),
        )
    except ValueError as error:
        remedy = "name the types Spot may use instead, such as spot_instance_types: [m7i.large, m6i.large]"
        problems.append(Problem(stack_file(settings.stack), f"morefocus:cluster.{name}", plan.instance_type, str(error), remedy))
        return None


def _scaling(plan: ScalingPlan) -> Scaling:
    hours = plan.working_hours
    return Scaling(
        hours=None if hours is None else WorkingHours(time_zone=hours.time_zone, days=hours.days, start=hours.start, end=hours.end),
        predictive=plan.predictive,
        cpu_percent=plan.cpu_percent,
    )
