"""Rules about the business's figures, tried with promtool."""

from pathlib import Path

from components.platform.monitoring.business_rules import business_rules
from tests.kit.promtool import Case, findings, uncovered, values

RULES = business_rules(least_satisfaction=4)
OF = 'tenant="acme", market="US", tier="starter"'
TENANT = {"tenant": "acme"}


def leads(hour: str, day: int) -> dict[str, str]:
    return {f"business_leads_hour{{{OF}}}": hour, f"business_leads_day{{{OF}}}": f"{day}x3000"}


def converted(then: int, now: int) -> dict[str, str]:
    """Of 100 leads a day, `then` convert for a day and a half, and `now` from there."""
    return {f"business_leads_day{{{OF}}}": "100x3000", f"business_conversions_day{{{OF}}}": f"{then}x2160 {now}x800"}


CASES = (
    Case(alert="LeadFlowStopped", fires=leads("5x60 0x300", 25), quiet=leads("5x60 0x100 1x2 0x150", 25), at="5h", labels=TENANT),
    Case(alert="ConversionDropped", fires=converted(10, 4), quiet=converted(10, 5), at="46h", labels=TENANT),
    Case(
        alert="SatisfactionLow",
        fires={f"business_csat_week{{{OF}}}": "3.9x3000"},
        quiet={f"business_csat_week{{{OF}}}": "4x3000"},
        at="30h",
        labels=TENANT,
    ),
)


def test_each_alert_on_the_business_fires_bears_the_tenant_and_is_quiet_below(tmp_path: Path) -> None:
    assert not uncovered(RULES, CASES)
    assert not findings(RULES, CASES, tmp_path)


def test_figures_are_worked_out_for_each_tenant(tmp_path: Path) -> None:
    given = {
        f"business_leads_hour{{{OF}}}": "12x60",
        f"business_leads_day{{{OF}}}": "200x60",
        f"business_conversions_day{{{OF}}}": "30x60",
        f"business_csat_week{{{OF}}}": "4.5x60",
        f"business_revenue_month{{{OF}}}": "9000x60",
        f"business_customers{{{OF}}}": "3x60",
    }
    wanted = {
        'business:leads_per_hour:sum{tenant="acme"}': 12.0,
        'business:conversion:percent{tenant="acme"}': 15.0,
        'business:csat:mean{tenant="acme"}': 4.5,
        'business:revenue_per_customer:mean{tenant="acme"}': 3000.0,
    }
    assert not values(RULES, given, wanted, tmp_path)


def test_a_tenant_without_customers_has_no_revenue_a_customer(tmp_path: Path) -> None:
    given = {f"business_revenue_month{{{OF}}}": "9000x60", f"business_customers{{{OF}}}": "0x60"}
    assert not values(RULES, given, {"count(business:revenue_per_customer:mean) or vector(0)": 0.0}, tmp_path)
