"""Looks at every secret once in a while: gives generated ones their first value, and counts those that are too old or still empty."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from services.secret_rotation.kinds import Connect
from services.secret_rotation.rows import Row
from services.secret_rotation.values import made_up

NAMESPACE = "MoreFocus/Secrets"
_GRACE = timedelta(days=2)
"""How late an automatic rotation may be: Secrets Manager chooses the hour of the day, and tries a failed one again."""


@dataclass
class Findings:
    """What a look found: names of secrets."""

    overdue: list[str] = field(default_factory=list)
    """Older than their rotation allows."""
    empty: list[str] = field(default_factory=list)
    """Without a value, which a person has to put in."""
    made: list[str] = field(default_factory=list)
    """Given their first value now."""


def watch(rows: Mapping[str, Row], connect: Connect, function: str, now: datetime | None = None) -> Findings:
    """Look at the secrets of all rows and publish the metrics `Overdue` and `Empty`, by the function's name."""
    client, today, found = connect("secretsmanager"), now or datetime.now(UTC), Findings()
    for name, row in sorted(rows.items()):
        made = _current_since(client, name)
        if made is not None:
            limit = timedelta(days=row.days) + (_GRACE if row.rotates else timedelta())
            if today - made > limit:
                found.overdue.append(name)
        elif row.generated:
            _first_value(client, name, row)
            found.made.append(name)
        else:
            found.empty.append(name)
    _publish(connect("cloudwatch"), function, found)
    return found


def _current_since(client: Any, name: str) -> datetime | None:
    """Return when the current value was made; changes of description or tags make nothing younger."""
    # Versions with a label alone, which are few: one answer holds them all.
    for version in client.list_secret_version_ids(SecretId=name, MaxResults=100)["Versions"]:
        if "AWSCURRENT" in version.get("VersionStages", []):
            made: datetime = version["CreatedDate"]
            return made
    return None


def _first_value(client: Any, name: str, row: Row) -> None:
    # The same token for the same secret: of two looks at once only one makes a value.
    token = str(uuid.uuid5(uuid.NAMESPACE_URL, f"first-value/{client.describe_secret(SecretId=name)['ARN']}"))
    try:
        client.put_secret_value(SecretId=name, ClientRequestToken=token, SecretString=json.dumps(made_up(row.holds)))
    except client.exceptions.ResourceExistsException:
        return


def _publish(metrics: Any, function: str, found: Findings) -> None:
    metrics.put_metric_data(
        Namespace=NAMESPACE,
        MetricData=[
            {"MetricName": name, "Dimensions": [{"Name": "FunctionName", "Value": function}], "Value": float(len(names)), "Unit": "Count"}
            for name, names in (("Overdue", found.overdue), ("Empty", found.empty))
        ],
    )
