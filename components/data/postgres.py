"""What PostgreSQL is told, whichever instance runs it: pure facts, no resources."""

from dataclasses import dataclass
from typing import Literal

ALLOWED_MAJORS = (17, 18)
"""Major versions in standard support that every client of the platform speaks (D4)."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One parameter of a parameter group; a static one is in force after the next reboot."""

    name: str
    value: str
    apply_method: Literal["immediate", "pending-reboot"] = "immediate"


SETTINGS = (
    # In transit only TLS 1.2 or newer, and no password check weaker than SCRAM (DAT-2). The first two repeat the default of
    # 17 and 18, and a repeated default that says `immediate` is a change at every preview (SDK, ParameterGroup).
    Setting("rds.force_ssl", "1", "pending-reboot"),
    Setting("ssl_min_protocol_version", "TLSv1.2", "pending-reboot"),
    Setting("rds.accepted_password_auth_method", "scram"),
    # Who connected, who changed the schema or a right, and what was slow (SEC-8).
    Setting("shared_preload_libraries", "pg_stat_statements,pgaudit", "pending-reboot"),
    Setting("pgaudit.log", "ddl,role"),
    Setting("log_connections", "1"),
    Setting("log_disconnections", "1"),
    Setting("log_lock_waits", "1"),
    Setting("log_min_duration_statement", "1000"),
    # Bound values are personal data: they stay out of the log (COM-2).
    Setting("log_parameter_max_length", "0"),
)
"""Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.PostgreSQL.CommonDBATasks.Parameters.html"""


def major(engine_version: str) -> int:
    """Return the major version of `17` or `17.6`.

    Raises ValueError when it is none of `ALLOWED_MAJORS`.
    """
    first = engine_version.partition(".")[0]
    if not first.isdecimal() or int(first) not in ALLOWED_MAJORS:
        allowed = " or ".join(str(each) for each in ALLOWED_MAJORS)
        raise ValueError(f"engine_version must be PostgreSQL {allowed}, such as '17' or '17.6' (got {engine_version!r})")
    return int(first)
