"""The page has every key with its type, what is allowed, its default and where that comes from."""

from pathlib import Path

from config.load import ROOT
from config.models import RegionPlan
from scripts.reference import config_page
from scripts.reference.config_keys import keys_of
from tests.kit.plans import shipped, stack, write

PAGE = config_page.render(ROOT)


def section(page: str, heading: str) -> dict[str, list[str]]:
    """Return the rows below a heading by their first cell."""
    text = page.split(f"\n## {heading}\n")[1].split("\n## ", maxsplit=1)[0]
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| `")]
    return {row[0].strip("`"): row for row in rows}


def test_every_key_of_a_stacks_file_is_on_the_page_under_the_name_it_is_set_by() -> None:
    rows = section(PAGE, "A stack's file")
    expected = {f"morefocus:{key.path}" for key in keys_of(RegionPlan)} - {"morefocus:region", "morefocus:account_id"}
    assert expected | {"aws:region", "aws:allowedAccountIds"} <= set(rows)
    assert rows["aws:allowedAccountIds"][1] == "list of one text"


def test_a_default_is_told_with_where_it_comes_from() -> None:
    rows = section(PAGE, "A stack's file")
    assert rows["morefocus:database.backup_days"][1:4] == ["integer", "1 to 35", "`30` from config/estate.yaml"]
    assert rows["morefocus:cluster.standard.spot_instance_types"][3] == "`[]` from the model"
    assert rows["morefocus:network.cidr"][3] == "required"


def test_what_is_checked_between_keys_stands_with_the_key() -> None:
    rows = section(PAGE, "A stack's file")
    assert "a prefix from /16" in rows["morefocus:network.cidr"][2]
    assert "min <= desired <= max" in rows["morefocus:cluster.intensive.desired"][2]
    assert "names of lower-case words" in rows["morefocus:cluster.<kind>"][1]


def test_every_file_of_the_configuration_has_its_section() -> None:
    paths = [path.relative_to(ROOT) for path in (ROOT / "config").rglob("*.yaml")]
    many = {"tenants": "<name>.yaml", "prices": "<region>.yaml"}
    files = {str(path.with_name(many.get(path.parent.name, path.name))) for path in paths}
    assert files == {document.file for document in config_page.DOCUMENTS}
    assert all(section(PAGE, file) for file in files)


def test_a_changed_default_changes_the_page(tmp_path: Path) -> None:
    documents = shipped()
    documents["config/estate.yaml"]["defaults"]["database"]["backup_days"] = 21
    page = config_page.render(write(documents, tmp_path))
    assert section(page, "A stack's file")["morefocus:database.backup_days"][3] == "`21` from config/estate.yaml"
    assert section(page, "As shipped")["database.backup_days"][1:] == ["(21)", "(21)", "7", "(21)"]


def test_what_each_stack_says_itself_is_told_apart_from_what_it_takes(tmp_path: Path) -> None:
    documents = shipped()
    stack(documents, "eu-west-1")["morefocus:protect"] = False
    rows = section(config_page.render(write(documents, tmp_path)), "As shipped")
    assert rows["protect"][1:] == ["false", "(true)", "false", "(true)"]
    assert rows["aws:region"][1:] == ["eu-west-1", "sa-east-1", "us-east-1", "us-east-1"]
    assert rows["cluster.administrators"][1] == "({platform: platform-administrator})"


def test_a_list_of_rows_is_shown_whole_and_what_is_left_out_as_absent() -> None:
    rows = section(PAGE, "As shipped")
    assert rows["connectivity.vpn"][1:] == ["([])"] * 4 and not [key for key in rows if "[]" in key]
    assert rows["cluster.standard.working_min"][1:] == ["(absent)"] * 4
    assert section(PAGE, "A stack's file")["morefocus:connectivity.vpn[].asn"][3] == "absent"


def test_a_date_of_support_that_is_not_known_is_told_as_unresolved() -> None:
    assert "| Redis | 7.1 | unresolved |" in PAGE and "| EKS | 1.35 | 2027-03-27 |" in PAGE


def test_links_to_lists_lead_somewhere() -> None:
    assert "(#region)" in PAGE and "\n## Region\n" in PAGE and "sa-east-1, us-east-1" in PAGE
