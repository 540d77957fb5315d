import pytest

from components.identity.password_policy import PasswordPolicy, PasswordPolicyArgs
from tests.kit.contexts import a_context
from tests.kit.recorder import record

POLICY = "aws:iam/accountPasswordPolicy:AccountPasswordPolicy"


def test_passwords_are_as_long_and_as_varied_as_the_benchmark_asks() -> None:
    rules = record(lambda: PasswordPolicy("passwords", a_context())).one(POLICY).inputs
    assert (rules["minimumPasswordLength"], rules["passwordReusePrevention"], rules["maxPasswordAge"]) == (14, 24, 90)
    kinds = ("LowercaseCharacters", "UppercaseCharacters", "Numbers", "Symbols")
    assert all(rules[f"require{kind}"] for kind in kinds)


def test_people_change_their_own_password_even_after_it_ran_out() -> None:
    rules = record(lambda: PasswordPolicy("passwords", a_context(), PasswordPolicyArgs(max_age_days=30))).one(POLICY).inputs
    assert rules["allowUsersToChangePassword"] and not rules["hardExpiry"] and rules["maxPasswordAge"] == 30


def test_weaker_rules_than_the_benchmarks_are_refused() -> None:
    with pytest.raises(ValueError, match="min_length must be 14 to 128"):
        PasswordPolicyArgs(min_length=12)
    with pytest.raises(ValueError, match="max_age_days must be 1 to 1095"):
        PasswordPolicyArgs(max_age_days=0)
    with pytest.raises(ValueError, match="remembered must be 1 to 24"):
        PasswordPolicyArgs(remembered=0)
