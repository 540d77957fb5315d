import pytest

from components.platform.logs.streams import AUDIT_DAYS, Lifecycle, Stream, index_template, lifecycle_policy


def test_a_stream_is_kept_as_long_as_it_says_and_then_deleted() -> None:
    phases = lifecycle_policy(Lifecycle(daily_gb=1, hot_days=7, delete_days=AUDIT_DAYS))["policy"]["phases"]
    assert (phases["warm"]["min_age"], phases["delete"]["min_age"]) == ("7d", "365d")
    # An index is closed each day: else its last line would be kept as much longer as it was open.
    assert phases["hot"]["actions"]["rollover"]["max_age"] == "1d"
    assert "delete" in phases["delete"]["actions"]


@pytest.mark.parametrize("stream", Stream)
def test_a_template_takes_the_indices_of_its_stream_alone_and_names_its_lifecycle(stream: Stream) -> None:
    template = index_template(stream, shards=2)
    address = stream.address
    index = f".ds-{address['type']}-{address['dataset']}-{address['namespace']}"
    assert template["index_patterns"] == [stream.pattern] and stream.pattern.removesuffix("*") in index
    settings = template["template"]["settings"]
    assert settings["index.lifecycle.name"] == stream.policy and settings["index.number_of_shards"] == 2
    assert settings["index.number_of_replicas"] == 1
    assert template["priority"] > 100


def test_a_field_that_nobody_named_does_not_grow_the_mapping() -> None:
    mappings = index_template(Stream.PLATFORM, shards=1)["template"]["mappings"]
    assert mappings["dynamic"] is False
    # Where a hash stands no address fits.
    assert mappings["properties"]["client"]["properties"]["ip"]["type"] == "keyword"


def test_logs_that_would_be_gone_before_they_are_warm_are_refused() -> None:
    with pytest.raises(ValueError, match="hot_days < delete_days"):
        Lifecycle(daily_gb=1, hot_days=30, delete_days=30)
    with pytest.raises(ValueError, match="daily_gb must be above 0"):
        Lifecycle(daily_gb=0, hot_days=1, delete_days=2)
