import json
from fnmatch import fnmatchcase

import pytest

from components.platform.logs.roles import ROLES, roles_file
from components.platform.logs.streams import Stream

INDEX = {stream: f"logs-{stream.value}-morefocus" for stream in Stream}


def _may(role: str, privilege: str, index: str) -> bool:
    return any(
        privilege in each["privileges"] and any(fnmatchcase(index, name) for name in each["names"]) for each in ROLES[role]["indices"]
    )


@pytest.mark.parametrize(
    ("role", "streams"),
    [("log-reader", {Stream.APPLICATION, Stream.PLATFORM}), ("log-auditor", {Stream.AUDIT}), ("log-settings", set())],
)
def test_who_reads_what(role: str, streams: set[Stream]) -> None:
    assert {stream for stream in Stream if _may(role, "read", INDEX[stream])} == streams


@pytest.mark.parametrize("role", ROLES)
def test_nobody_writes_or_deletes_logs_or_changes_who_may_what(role: str) -> None:
    for stream in Stream:
        assert not any(_may(role, privilege, INDEX[stream]) for privilege in ("all", "write", "delete", "index"))
    assert not {"all", "manage", "manage_security"} & set(ROLES[role]["cluster"])


def test_the_file_is_what_elasticsearch_reads() -> None:
    assert json.loads(roles_file()) == ROLES
