from components.platform.vault.names import ADDRESS, NAMESPACE
from components.platform.vault.server_config import server_names


def test_the_address_that_clients_call_is_in_the_servers_certificate() -> None:
    host = ADDRESS.removeprefix("https://").partition(":")[0]
    assert host in server_names(3, NAMESPACE)
