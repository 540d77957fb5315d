"""How long CloudWatch Logs can keep events."""

from config.vocabulary import LOG_RETENTION_DAYS

RETENTION_DAYS = LOG_RETENTION_DAYS


def check_retention(name: str, days: int) -> None:
    """Raise ValueError, naming the argument, when CloudWatch Logs has no such retention; 0 (for ever) is refused."""
    if days not in RETENTION_DAYS:
        raise ValueError(f"{name} must be one of {', '.join(map(str, RETENTION_DAYS))} (got {days})")
