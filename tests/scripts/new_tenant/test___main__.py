"""`make new-tenant` writes a file that a preview accepts, or nothing."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from config.load import load
from config.tenants import LicenceMode
from scripts.new_tenant.__main__ import application
from tests.kit.plans import shipped
from tests.kit.tenants import a_tenant, with_tenants


def run(root: Path, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(application, [*arguments, "--project", str(root)])
    return done.exit_code, done.output


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return with_tenants(tmp_path, a_tenant("zeta"))


def test_what_is_written_is_what_a_preview_then_has(root: Path) -> None:
    code, said = run(root, "acme-labs", "--market", "EU", "--tier", "professional", "--licence", "contract-7")
    assert code == 0 and "stack eu-west-1" in said and "make preview STACK=eu-west-1" in said
    (tenant,) = load("eu-west-1", root=root).tenants
    assert (tenant.name, tenant.sold, tenant.licence.mode, tenant.licence.reference) == ("acme-labs", True, LicenceMode.EMBED, "contract-7")


def test_the_shard_is_written_down_so_that_one_added_later_moves_nothing(root: Path) -> None:
    run(root, "acme", "--market", "US", "--tier", "starter")
    (tenant, _) = load("us-east-1", root=root).tenants
    assert tenant.shard == "main"
    documents = shipped()
    documents["config/estate.yaml"]["defaults"]["platform"]["pooling"]["shards"] = {name: {} for name in ("main", "b", "c", "d")}
    with_tenants(root, documents=documents)
    assert load("us-east-1", root=root).tenants[0].shard == "main"


def test_without_a_licence_a_customer_gets_no_n8n_and_the_reader_is_told(root: Path) -> None:
    _, said = run(root, "acme", "--market", "US", "--tier", "starter")
    assert "no n8n runs for it until an embed licence is named" in said
    assert load("us-east-1", root=root).tenants[0].licence.mode is LicenceMode.REFUSED


def test_a_file_that_is_there_is_never_written_over(root: Path) -> None:
    before = (root / "config/tenants/zeta.yaml").read_text()
    code, said = run(root, "zeta", "--market", "US", "--tier", "starter")
    assert code == 1 and "is there already" in said
    assert (root / "config/tenants/zeta.yaml").read_text() == before


@pytest.mark.parametrize(
    "arguments, word",
    [
        (("Acme", "--market", "US", "--tier", "starter"), "lower-case words"),
        (("acme", "--market", "XX", "--tier", "starter"), "US, EU, BR, AR"),
        (("acme", "--market", "US", "--tier", "gold"), "starter, professional, enterprise"),
        (("acme", "--market", "US", "--tier", "starter", "--network", "net"), "enterprise only"),
        (("acme", "--market", "US", "--tier", "enterprise", "--network", "net"), "connectivity.enterprise_networks"),
        (("platform", "--market", "US", "--tier", "starter"), "choose another"),
    ],
)
def test_what_a_preview_would_refuse_is_not_written(root: Path, arguments: tuple[str, ...], word: str) -> None:
    code, said = run(root, *arguments)
    assert code == 1 and word in said and said.startswith("nothing was written")
    assert [path.name for path in (root / "config/tenants").iterdir()] == ["zeta.yaml"]


def test_an_enterprise_tenant_hears_of_its_nodes(root: Path) -> None:
    code, said = run(root, "acme", "--market", "BR", "--tier", "enterprise", "--internal")
    assert code == 0 and "1 to 3 of c5.xlarge" in said and load("sa-east-1", root=root).tenants[0].has_own_nodes
