"""What PgBouncer is told: pure text, no resources.

Source: https://www.pgbouncer.org/config.html
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pulumi

PORT = 5432
METRICS_PORT = 9127
AUTH_ROLE = "pgbouncer"
"""Role that looks others up, and that may see statistics."""
_ANYWHERE = "0.0.0.0/0"
"""PgBouncer before 1.21 knows no `all` for addresses; policies say who reaches it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PoolDatabase:
    """A name that clients connect to, and what is behind it.

    Raises ValueError when a pool would be empty, or larger than all pools of the name together.
    """

    name: str
    host: pulumi.Input[str]
    database: str
    mode: Literal["transaction", "session"]
    pool: int
    """Connections of one login."""
    most: int
    """Connections of all logins together."""
    only: str | None = None
    """The one login that may use it; None for any that the database knows."""

    def __post_init__(self) -> None:
        if not 1 <= self.pool <= self.most:
            raise ValueError(f"pool of {self.name} must be 1 to {self.most}, all its connections (got {self.pool})")


def pgbouncer_ini(
    databases: Sequence[PoolDatabase], hosts: Sequence[str], *, clients: int, folder: str = "/etc/pgbouncer", port: int = PORT
) -> str:
    """Return `pgbouncer.ini`; `hosts` are those of the databases, `folder` holds what is mounted: `config`, `users`, `tls` and `roots`.

    A pool is one login's on one database name: no tenant waits for another's connections, but where the name's own limit is reached.
    """
    settings: Mapping[str, str | int] = {
        "listen_addr": "0.0.0.0",  # noqa: S104 - a pod's own address is not known beforehand; policies say who reaches it
        "listen_port": port,
        "unix_socket_dir": "",
        "auth_type": "hba",
        "auth_hba_file": f"{folder}/config/hba.conf",
        "auth_file": f"{folder}/users/userlist.txt",
        "auth_user": AUTH_ROLE,
        "auth_query": "SELECT usename, passwd FROM platform.login($1)",
        "stats_users": AUTH_ROLE,
        "pool_mode": "transaction",
        # Drivers prepare statements; in transaction mode PgBouncer carries them from one connection to another.
        "max_prepared_statements": 200,
        "max_client_conn": clients,
        "default_pool_size": 1,
        "server_idle_timeout": 60,
        "server_lifetime": 3600,
        "server_connect_timeout": 5,
        "server_login_retry": 2,
        "query_wait_timeout": 30,
        "client_login_timeout": 15,
        "idle_transaction_timeout": 60,
        # What drivers say at the start that has no effect through a pool, or is the role's own setting.
        "ignore_startup_parameters": "extra_float_digits",
        "server_reset_query": "DISCARD ALL",
        "client_tls_sslmode": "require",
        "client_tls_cert_file": f"{folder}/tls/tls.crt",
        "client_tls_key_file": f"{folder}/tls/tls.key",
        "client_tls_protocols": "secure",
        "server_tls_sslmode": "verify-full",
        "server_tls_ca_file": f"{folder}/roots/rds.pem",
        "server_tls_protocols": "secure",
        # Logins are counted by metrics; a line for each would be most of the log.
        "log_connections": 0,
        "log_disconnections": 0,
    }
    lines = ["[databases]", *(_database(each, host) for each, host in zip(databases, hosts, strict=True)), "", "[pgbouncer]"]
    return "\n".join([*lines, *(f"{name} = {value}" for name, value in settings.items())]) + "\n"


def hba_conf(databases: Sequence[PoolDatabase]) -> str:
    """Return who may use which name: a reserved one its own login alone, the console the one that looks, the rest every login.

    Without TLS nobody comes in.
    """
    reserved = {each.name: each.only for each in databases if each.only is not None} | {"pgbouncer": AUTH_ROLE}
    lines = []
    for name, login in reserved.items():
        lines += [f"hostssl {name} {login} {_ANYWHERE} scram-sha-256", f"hostssl {name} all {_ANYWHERE} reject"]
    return "\n".join([*lines, f"hostssl all all {_ANYWHERE} scram-sha-256"]) + "\n"


RUN = """\
#!/bin/sh
# Starts PgBouncer, and has it read its files anew every five minutes: certificates, passwords and databases change, clients stay.
set -eu
"$@" &
child=$!
trap 'kill -TERM $child' TERM INT
while kill -0 $child 2>/dev/null; do
    sleep "${RELOAD_SECONDS:-300}" &
    nap=$!
    wait $nap || true
    kill $nap 2>/dev/null || true
    kill -HUP $child 2>/dev/null || true
done
wait $child
"""
"""SIGTERM lets clients finish, and the program ends when the last has gone (PgBouncer 1.23 and newer)."""


def _database(each: PoolDatabase, host: str) -> str:
    return (
        f"{each.name} = host={host} port={PORT} dbname={each.database} pool_mode={each.mode} "
        f"pool_size={each.pool} max_db_connections={each.most}"
    )
