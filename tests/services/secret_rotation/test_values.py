"""Values are long, random and of characters that nothing has to escape."""

from services.secret_rotation.values import LENGTH, made_up


def test_every_key_gets_a_value_of_its_own_each_time() -> None:
    made = [made_up(["key", "salt"]) for _ in range(50)]
    values = [value for each in made for value in each.values()]
    assert all(each.keys() == {"key", "salt"} for each in made)
    assert len(set(values)) == len(values) == 100
    assert all(len(value) == LENGTH >= 32 and value.isalnum() and value.isascii() for value in values)
