"""The figures of the business, as the exporter reads them from a real server (OBS-3)."""

import psycopg
import pytest

from tests.database.made import ACME, Place, refused

FIGURES = "SELECT figure, value::float FROM platform.business_metrics() WHERE tenant = 'acme'"
CUSTOMERS = """INSERT INTO customers (company_name, contact_email, market, tier)
    VALUES ('One', 'one@example.com', 'US', 'starter'), ('Two', 'two@example.com', 'US', 'starter')"""
AUTOMATION = "INSERT INTO automations (customer_id, workflow_id, name) SELECT id, 'w1', 'Leads' FROM customers LIMIT 1"
ACHIEVED = """INSERT INTO metrics (automation_id, metric_type, value, timestamp)
    SELECT a.id, what, value, now() - ago FROM automations a, (VALUES
        ('lead', 30, interval '10 minutes'), ('lead', 70, interval '2 hours'), ('lead', 900, interval '2 days'),
        ('conversion', 20, interval '3 hours'), ('csat', 5, interval '1 hour'), ('csat', 4, interval '1 day'),
        ('revenue', 1000, interval '1 day'), ('revenue', 500, interval '2 minutes'), ('elsewhere', 9, interval '1 minute')
    ) AS rows (what, value, ago)"""


def _kept_before_this_month(place: Place) -> None:
    """A partition for what was before: rows of two days ago lie there on the first of a month."""
    ((month,),) = place.rows("SELECT date_trunc('month', now(), 'UTC')::text")
    with psycopg.connect(place.server.dsn(place.database), autocommit=True) as connection:
        bounds = f"FROM ('2020-01-01') TO ('{month}')"
        connection.execute(f"CREATE TABLE tenant_acme.metrics_before PARTITION OF tenant_acme.metrics FOR VALUES {bounds}")


@pytest.fixture
def achieved(empty: Place) -> Place:
    """A tenant with two customers, whose automation achieved something."""
    empty.migrate(ACME)
    _kept_before_this_month(empty)
    with empty.tenant("acme") as acme:
        for statement in (CUSTOMERS, AUTOMATION, ACHIEVED):
            acme.execute(statement)
    return empty


def test_the_exporter_reads_each_figure_of_each_tenant_and_no_row_of_it(achieved: Place) -> None:
    with achieved.connect("exporter") as exporter:
        assert dict(exporter.execute(FIGURES).fetchall()) == {
            "leads_hour": 30,
            "leads_day": 100,
            "conversions_day": 20,
            "csat_week": 4.5,
            "revenue_month": 1500,
            "customers": 2,
        }
        assert not refused(exporter, ["TABLE tenant_acme.metrics", "TABLE tenant_acme.customers", "TABLE platform.tenants"])


def test_a_tenant_sees_nobodys_figures_and_one_without_answers_has_no_mean(migrated: Place) -> None:
    with migrated.tenant("acme") as acme:
        assert not refused(acme, ["SELECT * FROM platform.business_metrics()"])
    with migrated.connect("exporter") as exporter:
        found = dict(exporter.execute(FIGURES).fetchall())
    assert found["leads_hour"] == 0 and "csat_week" not in found
