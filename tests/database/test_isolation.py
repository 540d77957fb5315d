"""A tenant reaches nothing of another, whatever it tries; each attempt is made on a real server (TEN-1)."""

import pytest

from tests.database.made import Place, refused

CUSTOMER = "INSERT INTO customers (company_name, contact_email, market, tier) VALUES ('Secret', 's@example.com', 'EU', 'starter')"
OTHERS = "tenant_zeta_labs"
ATTEMPTS = (
    f"SELECT * FROM {OTHERS}.customers",
    f"TABLE {OTHERS}.metrics",
    f"SET search_path = {OTHERS}; SELECT * FROM automations",
    f"SET ROLE {OTHERS}",
    f"SET SESSION AUTHORIZATION {OTHERS}",
    f"GRANT {OTHERS} TO CURRENT_USER",
    f"CREATE VIEW mine AS SELECT * FROM {OTHERS}.customers",
    f"CREATE TABLE {OTHERS}.planted (id int)",
    f"DELETE FROM {OTHERS}.customers",
    f"TRUNCATE {OTHERS}.customers",
    f"ALTER TABLE {OTHERS}.customers RENAME TO lost",
    f"COPY {OTHERS}.customers TO STDOUT",
    f"SELECT nextval('{OTHERS}.whatever')",
    "CREATE TABLE public.shared (id int)",
    "CREATE SCHEMA own",
    "CREATE TEMPORARY TABLE scratch (id int)",
    "CREATE TABLE own (id int)",
    "DROP TABLE customers",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE EXTENSION pgcrypto",
    "CREATE ROLE friend",
    "ALTER ROLE CURRENT_USER SUPERUSER",
    "SELECT * FROM platform.tenants",
    "SELECT * FROM platform.logins",
    "SELECT * FROM platform.login('tenant_acme')",
    "SELECT platform.erase_tenant('zeta-labs')",
    f"SELECT platform.set_login('{OTHERS}', 'SCRAM-SHA-256$x')",
    "SELECT * FROM pg_catalog.pg_authid",
    "SELECT * FROM pg_catalog.pg_shadow",
    f"SELECT stavalues1 FROM pg_catalog.pg_statistic WHERE starelid = '{OTHERS}.customers'::regclass",
    "SELECT pg_read_file('/etc/passwd')",
    "COPY customers TO PROGRAM 'cat'",
    "COPY customers FROM '/etc/passwd'",
    "SELECT lo_import('/etc/passwd')",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename <> current_user AND usename IS NOT NULL",
    "SELECT * FROM n8n.credentials_entity",
)


def test_nothing_that_a_tenant_tries_on_another_goes_through(migrated: Place) -> None:
    with migrated.tenant("zeta-labs") as other:
        other.execute(CUSTOMER)
    with migrated.tenant("acme") as connection:
        assert not refused(connection, ATTEMPTS)
    with migrated.tenant("zeta-labs") as other:
        assert other.execute("SELECT company_name FROM customers").fetchall() == [("Secret",)]
        other.execute("DELETE FROM customers")


def test_the_same_attempts_on_its_own_show_that_they_can_succeed(migrated: Place) -> None:
    own = [each.replace(OTHERS, "tenant_acme") for each in ATTEMPTS[:3]]
    with migrated.tenant("acme") as connection:
        assert refused(connection, own) == own


def test_what_statistics_say_of_values_is_of_ones_own_tables_only(migrated: Place) -> None:
    with migrated.tenant("zeta-labs") as other:
        other.execute(CUSTOMER)
    migrated.rows("SELECT count(*) FROM tenant_zeta_labs.customers")
    with migrated.connect("migrations") as owner:
        owner.execute("ANALYZE tenant_zeta_labs.customers")
    with migrated.tenant("acme") as connection:
        assert not connection.execute("SELECT * FROM pg_stats WHERE schemaname = 'tenant_zeta_labs'").fetchall()
        queries = connection.execute("SELECT query FROM pg_stat_activity WHERE usename LIKE 'tenant_zeta%'").fetchall()
    assert all(text in ("<insufficient privilege>", None) for (text,) in queries)
    with migrated.tenant("zeta-labs") as other:
        other.execute("DELETE FROM customers")


@pytest.mark.parametrize("role", ["application", "n8n", "exporter", "pgbouncer"])
def test_the_platforms_own_roles_read_no_tenants_tables(migrated: Place, role: str) -> None:
    with migrated.connect(role) as connection:
        assert not refused(connection, [f"SELECT * FROM {OTHERS}.customers", f"SET ROLE {OTHERS}", "SELECT * FROM platform.logins"])


def test_pgbouncer_learns_what_proves_a_login_and_nothing_else(migrated: Place) -> None:
    with migrated.connect("pgbouncer") as connection:
        found = connection.execute("SELECT usename, passwd FROM platform.login('tenant_acme')").fetchall()
        assert len(found) == 1 and found[0][1].startswith("SCRAM-SHA-256$")
        assert not connection.execute("SELECT * FROM platform.login('platform_admin')").fetchall()
        assert not refused(connection, ["SELECT * FROM platform.tenants", "SELECT platform.erase_tenant('acme')"])


def test_a_tenant_cannot_have_more_connections_than_it_is_given(migrated: Place) -> None:
    assert migrated.rows("SELECT rolname::text, rolconnlimit FROM pg_roles WHERE rolname LIKE 'tenant%%' ORDER BY 1") == [
        ("tenant_acme", 5),
        ("tenant_zeta_labs", 20),
    ]


def test_a_tenants_query_ends_by_itself(migrated: Place) -> None:
    with migrated.tenant("acme") as connection:
        assert connection.execute("SHOW statement_timeout").fetchone() == ("1min",)
        assert connection.execute("SHOW idle_in_transaction_session_timeout").fetchone() == ("30s",)
