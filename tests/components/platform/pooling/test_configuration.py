"""What PgBouncer is told; that it does what is meant is shown with the real one in tests/database/test_pooling.py."""

from configparser import ConfigParser

import pytest

from components.platform.pooling.configuration import PoolDatabase, hba_conf, pgbouncer_ini

N8N = PoolDatabase(name="n8n", host="db", database="morefocus", mode="session", pool=40, most=40, only="n8n")
STARTER = PoolDatabase(name="main-starter", host="db", database="morefocus", mode="transaction", pool=2, most=100)


def parsed() -> ConfigParser:
    parser = ConfigParser(interpolation=None)
    parser.read_string(pgbouncer_ini([N8N, STARTER], ["db.example.org", "db.example.org"], clients=500))
    return parser


def test_n8n_keeps_sessions_and_tenants_share_by_transaction() -> None:
    names = parsed()["databases"]
    assert "pool_mode=session pool_size=40 max_db_connections=40" in names["n8n"]
    assert (
        "host=db.example.org" in names["main-starter"]
        and "pool_mode=transaction pool_size=2 max_db_connections=100" in names["main-starter"]
    )


def test_both_sides_speak_tls_and_the_servers_name_is_checked() -> None:
    told = parsed()["pgbouncer"]
    assert (told["client_tls_sslmode"], told["server_tls_sslmode"]) == ("require", "verify-full")
    assert told["server_tls_ca_file"].endswith("rds.pem") and told["client_tls_protocols"] == "secure"


def test_logins_are_looked_up_and_nobody_administers() -> None:
    told = parsed()["pgbouncer"]
    assert told["auth_query"] == "SELECT usename, passwd FROM platform.login($1)" and told["auth_user"] == "pgbouncer"
    assert "admin_users" not in told and told["auth_type"] == "hba"


def test_a_reserved_name_is_for_its_login_alone_and_nothing_comes_in_without_tls() -> None:
    lines = hba_conf([N8N, STARTER]).splitlines()
    assert lines[:2] == ["hostssl n8n n8n 0.0.0.0/0 scram-sha-256", "hostssl n8n all 0.0.0.0/0 reject"]
    assert lines[2:4] == ["hostssl pgbouncer pgbouncer 0.0.0.0/0 scram-sha-256", "hostssl pgbouncer all 0.0.0.0/0 reject"]
    assert all(line.startswith("hostssl ") for line in lines)


@pytest.mark.parametrize("pool", [0, 101])
def test_a_pool_is_part_of_all_connections_of_its_name(pool: int) -> None:
    with pytest.raises(ValueError, match="pool of x must be 1 to 100"):
        PoolDatabase(name="x", host="db", database="d", mode="session", pool=pool, most=100)
