"""Who may read which logs, and who may change how they are kept: roles of Elasticsearch as plain data.

Source: https://www.elastic.co/docs/deploy-manage/users-roles/cluster-or-deployment-auth/role-structure
"""

import json
from collections.abc import Sequence
from typing import Any

from components.platform.logs.names import AUDITOR, READER, SETTINGS_USER
from components.platform.logs.streams import Stream


def _reader(streams: Sequence[Stream]) -> dict[str, Any]:
    return {
        "cluster": [],
        "indices": [{"names": [stream.pattern for stream in streams], "privileges": ["read", "view_index_metadata"]}],
        "applications": [{"application": "kibana-.kibana", "privileges": ["space_read"], "resources": ["space:default"]}],
    }


ROLES: dict[str, Any] = {
    READER: _reader((Stream.APPLICATION, Stream.PLATFORM)),
    AUDITOR: _reader((Stream.AUDIT,)),
    # Lifecycles and snapshots run with the privileges of whoever wrote them; reading what they keep is not among them.
    SETTINGS_USER: {
        "cluster": [
            *("cluster:admin/repository/*", "cluster:admin/snapshot/*", "manage_ilm", "manage_index_templates", "manage_slm", "monitor"),
        ],
        "indices": [
            {"names": ["logs-*"], "privileges": ["manage"]},
            {"names": [".slm-history-*"], "privileges": ["all"]},
        ],
    },
}


def roles_file() -> str:
    """Return the roles as a file that Elasticsearch reads: YAML, of which JSON is a part."""
    return json.dumps(ROLES, sort_keys=True, indent=1)
