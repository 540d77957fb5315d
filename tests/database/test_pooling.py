"""The real PgBouncer lets the right ones in, gives each a pool of its own, and follows what changes (DAT-7)."""

import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.database.made import ACME, ZETA, a_place, running
from tests.database.pooled import Pooled, certificate, names, pooled


@pytest.fixture(scope="module")
def through(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pooled]:
    """Poolers in front of a server of their own that speaks TLS."""
    folder = tmp_path_factory.mktemp("pooled")
    certificate(folder / "certificates")
    files = folder / "certificates"
    told = ("ssl=on", f"ssl_cert_file={files / 'tls.crt'}", f"ssl_key_file={files / 'tls.key'}")
    with running(*told) as server, a_place(server, folder, "morefocus") as place:
        place.migrate(ACME, ZETA)
        with pooled(place, folder / "pooler", names(), files) as found:
            yield found


def test_a_tenant_comes_to_its_own_schema_through_a_pool(through: Pooled) -> None:
    with through.tenant("acme", "main-starter") as connection:
        assert connection.execute("SELECT current_user, current_schema").fetchone() == ("tenant_acme", "tenant_acme")
        (encrypted,) = connection.execute("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").fetchone() or (None,)
    assert encrypted is True


def test_what_a_tenant_leaves_on_its_connection_meets_no_other_tenant(through: Pooled) -> None:
    with through.tenant("acme", "main-starter") as connection:
        connection.execute("SET search_path = nowhere")
        connection.execute("SET statement_timeout = '1s'")
    with through.tenant("zeta-labs", "main-starter") as other:
        assert other.execute("SELECT current_schema").fetchone() == ("tenant_zeta_labs",)
        assert other.execute("SHOW statement_timeout").fetchone() == ("1min",)
    with through.tenant("acme", "main-starter") as connection:
        connection.execute("RESET ALL")


def test_without_tls_or_with_a_wrong_password_nobody_comes_in(through: Pooled) -> None:
    with pytest.raises(psycopg.OperationalError, match=r"TLS|SSL"):
        through.connect("main-starter", "tenant_acme", "acmePassword1", mode="disable")
    for user, password in (
        ("tenant_acme", "wrong"),
        ("tenant_nobody", "x"),
        ("platform_admin", "x"),
        ("tenant_zeta_labs", "acmePassword1"),
    ):
        with pytest.raises(psycopg.OperationalError):
            through.connect("main-starter", user, password)


def test_what_is_n8ns_is_for_n8n_alone_and_nobody_else_sees_statistics(through: Pooled) -> None:
    with through.connect("n8n", "n8n") as connection:
        assert connection.execute("SELECT current_schema").fetchone() == ("n8n",)
        connection.execute("CREATE TABLE workflow_entity (id int)")
    # Debian's 1.18 ends when a login that it looks up asks for the console; it is fixed since, so that is not tried here.
    with pytest.raises(psycopg.OperationalError):
        through.tenant("acme", "n8n")
    with through.connect("pgbouncer", "pgbouncer") as console:
        assert console.pgconn.exec_(b"SHOW POOLS").ntuples > 0
        assert b"admin access needed" in (console.pgconn.exec_(b"RELOAD").error_message or b"")


def test_one_tenant_that_waits_keeps_no_other_waiting(through: Pooled) -> None:
    busy = [through.tenant("acme", "main-starter") for _ in range(6)]
    threads = [threading.Thread(target=connection.execute, args=("SELECT pg_sleep(2)",)) for connection in busy]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    began = time.monotonic()
    with through.tenant("zeta-labs", "main-starter") as other:
        other.execute("SELECT 1")
    waited = time.monotonic() - began
    held = through.place.rows("SELECT count(*) FROM pg_stat_activity WHERE usename = 'tenant_acme' AND state = 'active'")
    for thread in threads:
        thread.join()
    for connection in busy:
        connection.close()
    # Two connections is what a starter has at one pooler, which opens one more while clients sign in; the others waited for these.
    assert waited < 2 and held[0][0] <= 3


def test_a_tenant_that_is_added_comes_in_though_the_pooler_was_told_nothing(through: Pooled) -> None:
    with pytest.raises(psycopg.OperationalError):
        through.tenant("late", "main-starter")
    through.place.migrate(ACME, ZETA, "late BR starter 5")
    with through.tenant("late", "main-starter") as connection:
        assert connection.execute("SELECT count(*) FROM customers").fetchone() == (0,)


def test_a_renewed_certificate_is_shown_without_a_restart(through: Pooled, tmp_path: Path) -> None:
    certificate(tmp_path / "new")
    with through.tenant("acme", "main-starter") as kept:
        for name in ("tls.crt", "tls.key", "ca.crt"):
            shutil.copy(tmp_path / "new" / name, through.folder / "tls" / name)
        deadline = time.monotonic() + 20
        while True:
            try:
                through.tenant("acme", "main-starter").close()
                break
            except psycopg.OperationalError:
                assert time.monotonic() < deadline
                time.sleep(0.3)
        assert kept.execute("SELECT 1").fetchone() == (1,)
