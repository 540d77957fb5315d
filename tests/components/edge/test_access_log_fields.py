from components.edge.access_log_fields import FIELDS, PERSONAL_FIELDS


def test_no_field_names_or_singles_out_a_viewer() -> None:
    assert not PERSONAL_FIELDS & set(FIELDS)
    assert not any(field.startswith(("c-ip", "cs(", "cs-uri-query", "cs-cookie", "x-forwarded")) for field in FIELDS)


def test_what_is_needed_to_run_the_cdn_is_there_once() -> None:
    assert {"date", "time", "sc-status", "cs-uri-stem", "time-taken", "x-edge-result-type", "ssl-protocol"} <= set(FIELDS)
    assert len(set(FIELDS)) == len(FIELDS)
