import pytest

from components.data import postgres


@pytest.mark.parametrize(("version", "major"), [("17", 17), ("17.6", 17), ("18.4", 18)])
def test_a_version_in_standard_support_gives_its_major(version: str, major: int) -> None:
    assert postgres.major(version) == major


@pytest.mark.parametrize("version", ["14.9", "16", "19", "", "seventeen", "1.7", "-17"])
def test_any_other_version_is_refused_saying_which_are_allowed(version: str) -> None:
    with pytest.raises(ValueError, match=r"must be PostgreSQL 17 or 18, such as '17' or '17.6' \(got"):
        postgres.major(version)


def test_tls_is_forced_and_older_protocols_and_password_checks_are_off() -> None:
    values = {setting.name: setting.value for setting in postgres.SETTINGS}
    assert values["rds.force_ssl"] == "1"
    assert values["ssl_min_protocol_version"] == "TLSv1.2"
    assert values["rds.accepted_password_auth_method"] == "scram"


def test_audits_are_loaded_and_bound_values_stay_out_of_the_log() -> None:
    values = {setting.name: setting.value for setting in postgres.SETTINGS}
    assert "pgaudit" in values["shared_preload_libraries"].split(",")
    assert values["pgaudit.log"] == "ddl,role"
    assert values["log_parameter_max_length"] == "0"


def test_no_setting_is_given_twice_and_a_static_one_waits_for_the_reboot() -> None:
    names = [setting.name for setting in postgres.SETTINGS]
    assert len(set(names)) == len(names)
    (preloaded,) = [setting for setting in postgres.SETTINGS if setting.name == "shared_preload_libraries"]
    assert preloaded.apply_method == "pending-reboot"
