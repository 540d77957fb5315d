"""No origin is asked in clear."""

from typing import Any

from components.edge.tls_origin import tls_origin


def test_an_origin_is_asked_over_tls_and_waited_for_as_long_as_is_said() -> None:
    made: Any = tls_origin("api", "api.example.com", seconds=30)
    assert (made["origin_id"], made["domain_name"]) == ("api", "api.example.com")
    asked = made["custom_origin_config"]
    assert (asked["origin_protocol_policy"], asked["origin_ssl_protocols"], asked["origin_read_timeout"]) == ("https-only", ["TLSv1.2"], 30)
