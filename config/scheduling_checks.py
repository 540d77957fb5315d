"""What no stack file alone can know to be wrong with its scheduling service: no secret, or nobody for payments (API-6, D11)."""

from collections.abc import Mapping
from typing import get_args

from config import integrations
from config.errors import Problem
from config.integrations import Catalogue
from config.models import RegionPlan
from config.scheduling import GATEWAYS, Payment, SchedulingPlan
from config.support import Notice


def problems(plans: Mapping[str, RegionPlan], files: Mapping[str, str], catalogue: Catalogue) -> list[Problem]:
    """Return what is wrong between the plans of stacks and the catalogue of secrets; `files` names the file of each stack."""
    found = []
    for stack, plan in plans.items():
        if plan.scheduling.enabled:
            found += [*_without_payments(plan, files[stack]), *_without_row(stack, plan, catalogue)]
    return found


def notice(plan: SchedulingPlan) -> Notice | None:
    """Return the warning of a gateway that WhatsApp does not know (D11)."""
    if not plan.enabled or GATEWAYS[plan.whatsapp].official:
        return None
    text = (
        f"WhatsApp messages go through {plan.whatsapp}, an unofficial gateway for which WhatsApp can ban the number: "
        "`scheduling.whatsapp: meta` takes Meta's own Cloud API"
    )
    return Notice(text=text, urgent=True)


def _without_payments(plan: RegionPlan, file: str) -> list[Problem]:
    allowed = f"an entry for each market that is served: {', '.join(get_args(Payment))}, or [] for nobody"
    return [
        Problem(file, f"morefocus:scheduling.payments.{market}", "nothing", allowed, "add it")
        for market in plan.markets
        if market not in plan.scheduling.payments
    ]


def _without_row(stack: str, plan: RegionPlan, catalogue: Catalogue) -> list[Problem]:
    kept = {name for name, row in catalogue.needed_in(plan.markets, hub=plan.hub).items() if row.is_kept}
    return [
        Problem(
            integrations.FILE,
            f"integrations.{row}",
            f"no secret {row} for {stack}, whose scheduling service reads it",
            f"a row that is kept where {', '.join(plan.markets) or 'no market'} is served: with one of these under markets, or without any",
            "add the row or its market, or choose another provider under scheduling",
        )
        for row in plan.scheduling.secret_rows(plan.markets).values()
        if row not in kept
    ]
