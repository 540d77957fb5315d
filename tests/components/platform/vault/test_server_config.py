import json
from typing import Any

import pytest

from components.platform.vault.server_config import server_config, server_names


def _config(replicas: int = 3) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(server_config(replicas=replicas, region="eu-west-1", key_alias="alias/vault-seal"))
    return document


def test_every_server_finds_every_other_and_proves_its_name() -> None:
    peers = _config(5)["storage"]["raft"]["retry_join"]
    assert [peer["leader_api_addr"] for peer in peers] == [f"https://vault-{number}.vault-internal:8200" for number in range(5)]
    names = server_names(5, "vault")
    assert {peer["leader_tls_servername"] for peer in peers} <= set(names)
    assert "vault-active.vault.svc" in names and len(names) == len(set(names))


def test_it_is_opened_by_its_key_and_speaks_tls_1_3_alone() -> None:
    config = _config()
    assert config["seal"] == {"awskms": {"region": "eu-west-1", "kms_key_id": "alias/vault-seal"}}
    (listener,) = config["listener"]
    assert listener["tcp"]["tls_min_version"] == "tls13" and "tls_disable" not in listener["tcp"]


def test_it_asks_for_no_right_on_memory_and_shows_no_page() -> None:
    config = _config()
    assert config["disable_mlock"] is True and config["ui"] is False


@pytest.mark.parametrize("replicas", [1, 2, 4])
def test_servers_that_could_not_outvote_a_lost_one_are_refused(replicas: int) -> None:
    with pytest.raises(ValueError, match="odd and at least 3"):
        _config(replicas)
