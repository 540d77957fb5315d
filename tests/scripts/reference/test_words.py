"""Facts as people write them."""

from scripts.reference.words import count, http, law, letters, place, product


def test_places_are_named_as_aws_names_them() -> None:
    assert place("eu-west-1") == "Europe (Ireland)"
    assert place("mars-north-1") == "mars-north-1"


def test_one_is_singular_and_thousands_are_told_apart() -> None:
    assert [count(1, "shard"), count(0, "shard"), count(2500, "shard")] == ["1 shard", "0 shards", "2,500 shards"]


def test_names_that_are_not_known_are_left_as_they_are() -> None:
    assert (product("postgres"), product("mysql")) == ("PostgreSQL", "mysql")
    assert (http("http2and3"), http("http9")) == ("HTTP/2 and 3", "http9")
    assert (law("lgpd"), law("pipeda"), law("none")) == ("LGPD", "pipeda", None)


def test_zones_are_told_apart_by_their_letters() -> None:
    assert letters(("us-east-1a", "us-east-1c")) == "a c"
