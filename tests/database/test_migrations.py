"""Migrations on a real server: each once, recorded, one at a time, and never one that reads otherwise than it was run."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import psycopg
import pytest
from psycopg import errors

from tests.database.made import ACME, ZETA, Place

CUSTOMER = "INSERT INTO customers (company_name, contact_email, market, tier) VALUES ('Acme', 'a@example.com', %s, %s) RETURNING id"


def test_the_server_is_of_a_version_that_the_estate_may_have(migrated: Place) -> None:
    assert migrated.server.version.split(".")[0] in {"15", "16", "17", "18"}


def test_a_second_run_changes_nothing_and_a_new_tenant_gets_its_own(empty: Place) -> None:
    empty.migrate(ACME)
    before = (
        empty.rows("SELECT * FROM platform.migrations ORDER BY scope, version"),
        empty.rows("SELECT * FROM platform.logins ORDER BY role"),
    )
    assert "ran " not in empty.migrate(ACME)
    assert before == (
        empty.rows("SELECT * FROM platform.migrations ORDER BY scope, version"),
        empty.rows("SELECT * FROM platform.logins ORDER BY role"),
    )
    said = empty.migrate(ACME, ZETA)
    assert "of tenant_zeta_labs" in said and "of tenant_acme" not in said


def test_a_migration_that_reads_otherwise_than_it_was_run_is_refused_and_nothing_runs(empty: Place) -> None:
    empty.migrate(ACME)
    file = empty.sources / "migrations" / "tenant" / "0002_automations.sql"
    file.write_text(file.read_text() + "ALTER TABLE automations ADD COLUMN colour text;\n")
    said = empty.migrate(ACME, check=False)
    assert said.startswith("3 ") and "restore the file as it was" in said and "0002_automations" in said
    assert not empty.rows("SELECT FROM information_schema.columns WHERE column_name = 'colour'")


def test_a_migration_that_fails_leaves_nothing_of_itself(empty: Place) -> None:
    empty.migrate(ACME)
    file = empty.sources / "migrations" / "tenant" / "0004_broken.sql"
    file.write_text("CREATE TABLE half (id uuid);\nALTER TABLE nowhere ADD COLUMN x text;\n")
    assert empty.migrate(ACME, check=False).startswith("3 ")
    assert empty.rows("SELECT to_regclass('tenant_acme.half')") == [(None,)]
    file.write_text("CREATE TABLE half (id uuid);\n")
    assert "ran 0004_broken of tenant_acme" in empty.migrate(ACME)


def test_a_number_before_the_newest_is_refused(empty: Place) -> None:
    empty.migrate(ACME)
    folder = empty.sources / "migrations" / "tenant"
    (folder / "0005_later.sql").write_text("CREATE TABLE later (id uuid);\n")
    empty.migrate(ACME)
    (folder / "0004_earlier.sql").write_text("CREATE TABLE earlier (id uuid);\n")
    assert "give it a number after the newest" in empty.migrate(ACME, check=False)


def test_two_runs_at_once_run_each_migration_once(empty: Place) -> None:
    empty.migrate()
    tenants = [f"tenant{letter} US starter 5" for letter in "abcdef"]
    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(lambda name: in_a_folder_of_its_own(empty, name, tenants), ("one", "two")))
    assert sum(text.count("ran 0001_customers") for text in said) == len(tenants)
    assert empty.rows("SELECT count(*) FROM platform.migrations WHERE scope LIKE 'tenant%%'") == [(3 * len(tenants),)]


def in_a_folder_of_its_own(place: Place, name: str, tenants: list[str]) -> str:
    folder = place.folder / name
    folder.mkdir()
    return Place(place.server, folder, place.database).migrate(*tenants)


def test_without_a_password_that_it_needs_the_script_ends_before_it_signs_in(empty: Place) -> None:
    assert "pgbouncer has no password" in empty.migrate(ACME, check=False, passwords={"pgbouncer": ""})
    assert "tenant.acme has no password" in empty.migrate(ACME, check=False, passwords={"tenant.acme": ""})
    assert empty.rows("SELECT count(*) FROM pg_roles WHERE rolname = 'migrations'") == [(0,)]


def test_a_new_password_is_in_force_and_the_old_one_is_not(empty: Place) -> None:
    empty.migrate(ACME)
    empty.migrate(ACME, passwords={"tenant.acme": "another1", "application": "another2"})
    with pytest.raises(psycopg.OperationalError, match="authentication failed"):
        empty.tenant("acme")
    for role, password in (("tenant_acme", "another1"), ("application", "another2")):
        with empty.connect(role, password) as connection:
            assert connection.execute("SELECT current_user").fetchone() == (role,)


def test_the_server_sees_no_password_only_what_proves_it(migrated: Place) -> None:
    stored = dict(migrated.rows("SELECT rolname, rolpassword FROM pg_authid WHERE rolpassword IS NOT NULL AND rolname LIKE 'tenant%%'"))
    kept = dict(migrated.rows("SELECT role::text, verifier FROM platform.logins WHERE role LIKE 'tenant%%'"))
    assert stored == kept and all(value.startswith("SCRAM-SHA-256$4096:") for value in stored.values())


def test_what_a_password_proves_is_what_libpq_makes_of_it(migrated: Place) -> None:
    made = migrated.connect("n8n").pgconn.encrypt_password(b"n8nPassword1", b"n8n", b"scram-sha-256").decode()
    again = subprocess.run(
        ["perl", str(migrated.sources / "scram.pl"), made], input="n8nPassword1", capture_output=True, text=True, check=True
    ).stdout
    assert again == made
    other = subprocess.run(["perl", str(migrated.sources / "scram.pl"), made], input="other", capture_output=True, text=True, check=True)
    assert other.stdout != made


def test_markets_and_tiers_are_those_of_the_sources_and_no_other(migrated: Place) -> None:
    with migrated.tenant("acme") as connection:
        for market, tier in (("US", "starter"), ("EU", "professional"), ("BR", "enterprise"), ("AR", "starter")):
            connection.execute(f"{CUSTOMER.replace('a@', f'{market}@')}", (market, tier))
        for market, tier in (("XX", "starter"), ("US", "gold"), ("us", "starter")):
            with pytest.raises(errors.CheckViolation):
                connection.execute(CUSTOMER, (market, tier))
        connection.execute("DELETE FROM customers")


def test_every_time_has_its_zone(migrated: Place) -> None:
    plain = migrated.rows(
        "SELECT table_schema, table_name, column_name FROM information_schema.columns WHERE data_type = 'timestamp without time zone' "
        "AND (table_schema = 'platform' OR table_schema LIKE 'tenant%%')"
    )
    assert not plain


def test_a_change_of_a_customer_moves_its_time(migrated: Place) -> None:
    with migrated.tenant("acme") as connection:
        (key,) = connection.execute(CUSTOMER, ("US", "starter")).fetchone() or (None,)
        connection.execute("UPDATE customers SET company_name = 'Other' WHERE id = %s", (key,))
        changed = connection.execute("SELECT updated_at > created_at FROM customers WHERE id = %s", (key,)).fetchone()
        connection.execute("DELETE FROM customers")
    assert changed == (True,)


def test_metrics_have_partitions_for_this_month_and_three_more_and_lose_old_ones(empty: Place) -> None:
    empty.migrate(ACME)
    this = datetime.now(UTC)
    months = [((this.year * 12 + this.month - 1 + ahead) // 12, (this.year * 12 + this.month - 1 + ahead) % 12 + 1) for ahead in range(4)]
    listed = "SELECT relname FROM pg_class JOIN pg_inherits ON inhrelid = oid WHERE relkind = 'r' ORDER BY 1"
    assert [name for (name,) in empty.rows(listed)] == [f"metrics_{year}_{month:02}" for year, month in months]
    with empty.connect("migrations") as connection:
        for month in ("2020-01", f"{this.year - 1}-{this.month:02}"):
            connection.execute(
                f"CREATE TABLE tenant_acme.metrics_{month.replace('-', '_')} PARTITION OF tenant_acme.metrics "
                f"FOR VALUES FROM ('{month}-01 00:00+00') TO ('{month}-28 00:00+00')"
            )
        connection.execute("SELECT platform.keep_partitions('tenant_acme', 'metrics')")
    left = [name for (name,) in empty.rows(listed)]
    assert "metrics_2020_01" not in left and f"metrics_{this.year - 1}_{this.month:02}" in left


def test_a_metric_goes_into_the_partition_of_its_month(migrated: Place) -> None:
    with migrated.tenant("acme") as connection:
        (customer,) = connection.execute(CUSTOMER, ("BR", "starter")).fetchone() or (None,)
        (automation,) = connection.execute(
            "INSERT INTO automations (customer_id, workflow_id, name) VALUES (%s, 'w1', 'leads') RETURNING id", (customer,)
        ).fetchone() or (None,)
        connection.execute("INSERT INTO metrics (automation_id, metric_type, value) VALUES (%s, 'leads', 3)", (automation,))
        place = connection.execute("SELECT tableoid::regclass::text FROM metrics").fetchone()
        with pytest.raises(errors.CheckViolation, match="no partition"):
            connection.execute(
                "INSERT INTO metrics (automation_id, metric_type, value, timestamp) VALUES (%s, 'leads', 3, '2001-01-01Z')", (automation,)
            )
        connection.execute("DELETE FROM customers")
        assert connection.execute("SELECT count(*) FROM metrics").fetchone() == (0,)
    assert place == (f"metrics_{datetime.now(UTC):%Y_%m}",)


def test_a_tenant_is_erased_wholly_and_a_record_is_left(empty: Place) -> None:
    empty.migrate(ACME, ZETA)
    with empty.connect("migrations") as connection:
        assert connection.execute("SELECT platform.erase_tenant('acme')").fetchone() == (True,)
        assert connection.execute("SELECT platform.erase_tenant('acme')").fetchone() == (False,)
    for where in ("pg_roles WHERE rolname", "pg_namespace WHERE nspname", "platform.logins WHERE role", "platform.migrations WHERE scope"):
        assert empty.rows(f"SELECT count(*) FROM {where} = 'tenant_acme'") == [(0,)]
    assert empty.rows("SELECT schema::text, erased_by FROM platform.erasures") == [("tenant_acme", "migrations")]
    with empty.tenant("zeta-labs") as connection:
        assert connection.execute("SELECT count(*) FROM customers").fetchone() == (0,)
