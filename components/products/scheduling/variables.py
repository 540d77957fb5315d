"""What each function of the scheduling service is told by its environment, none of it secret: pure functions (SCH-8)."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

Variables = dict[str, pulumi.Input[str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What the configuration says to the functions."""

    whatsapp: str
    """Provider of messages, such as `meta`."""
    sender: str
    """Part of the sender's address before the @."""
    language: str
    """Of messages to who named none: a tag of BCP 47."""
    time_zone: str
    """Of the times in messages: a name of IANA."""
    retention_days: Mapping[str, int]
    """Class of items to the days that they are kept; a class that is not here is kept until somebody erases it."""
    files_bucket: pulumi.Input[str]
    """Name of the bucket of persons' files."""
    messages_per_minute: int
    """What one tenant may send in a minute; the rest waits."""


def variables(
    told: Told,
    *,
    web_host: str,
    mail_domain: str,
    table: pulumi.Input[str],
    queue_url: pulumi.Input[str],
    dead_letter_url: pulumi.Input[str],
    configuration_set: pulumi.Input[str],
    user_pool_id: pulumi.Input[str],
) -> dict[str, Variables]:
    """Return the environment of each function by its name, with nothing in it that the function does not use."""
    data: Variables = {"TABLE": table, **{f"RETENTION_DAYS_{each.upper()}": str(days) for each, days in told.retention_days.items()}}
    # With a proxy integration the function itself answers browsers that ask from another origin.
    routed: Variables = {**data, "ALLOWED_ORIGINS": f"https://{web_host}"}
    return {
        "bookings": {**routed, "DEFAULT_LANGUAGE": told.language, "TIME_ZONE": told.time_zone},
        "privacy": {**routed, "USER_POOL_ID": user_pool_id, "FILES_BUCKET": told.files_bucket, "DEAD_LETTER_QUEUE_URL": dead_letter_url},
        "payments": routed,
        "messages": {
            **data,
            "JOBS_QUEUE_URL": queue_url,
            "DEAD_LETTER_QUEUE_URL": dead_letter_url,
            "WHATSAPP_PROVIDER": told.whatsapp,
            "MAIL_FROM": f"{told.sender}@{mail_domain}",
            "MAIL_CONFIGURATION_SET": configuration_set,
            "TENANT_MESSAGES_PER_MINUTE": str(told.messages_per_minute),
        },
        "tokens": {},
        "feedback": data,
        "audit": {**data, "JOBS_QUEUE_URL": queue_url},
    }
