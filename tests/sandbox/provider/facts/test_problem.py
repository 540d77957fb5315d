from sandbox.provider.facts.problem import Problem, choices, did_you_mean, join, nearest, reveal, shown


def test_a_problem_reads_as_place_and_message() -> None:
    assert str(Problem("rules[0].limit", "must be at least 10 (got 1)")) == "rules[0].limit: must be at least 10 (got 1)"
    assert str(Problem("", "needs exactly one of a, b (got none)")) == "needs exactly one of a, b (got none)"


def test_a_path_shows_names_positions_and_odd_keys() -> None:
    assert join(join(join("", "rules"), 0), "limit") == "rules[0].limit"
    assert join("tags", "data-class") == "tags.data-class"
    assert join("tags", "a.b c") == 'tags["a.b c"]'


def test_the_nearest_names_ignore_letter_case_and_underscores() -> None:
    assert nearest("cidr_block", ["ipv6CidrBlock", "cidrBlock", "vpcId"])[0] == "cidrBlock"
    assert nearest("zzz", ["cidrBlock"]) == []


def test_a_hint_names_the_nearest_or_else_all() -> None:
    assert did_you_mean("vpcid", ["vpcId", "tags"]) == "did you mean vpcId?"
    assert did_you_mean("x", ["vpcId", "tags"]) == "known are vpcId, tags"
    assert did_you_mean("x", []) == "nothing is known here"


def test_long_values_and_long_lists_are_cut() -> None:
    assert shown("a" * 500) == f'"{"a" * 59}...'
    assert choices(range(20)) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 8 more"


def test_a_secret_in_its_wire_form_is_read_as_its_value() -> None:
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": "plain"}
    assert reveal(secret) == "plain"
    assert reveal({"value": "plain"}) == {"value": "plain"}
