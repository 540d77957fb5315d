"""A chart's digest is what the index says and the archive has."""

from collections.abc import Mapping

import pytest
import yaml

from scripts.pin_images.charts import ChartRepositories
from scripts.pin_images.web import NoAnswerError, Web, WrongAnswerError
from tests.scripts.pin_images.standin import ARCHIVE, ARCHIVE_DIGEST, Behaviour, standing

ENTRY = {"version": "1.2.3", "digest": ARCHIVE_DIGEST, "urls": ["archives/tool-1.2.3.tgz"]}


def _behaviour(*entries: Mapping[str, object]) -> Behaviour:
    index = yaml.safe_dump({"apiVersion": "v1", "entries": {"tool": [dict(each) for each in entries]}}).encode()
    return Behaviour(files={"charts/index.yaml": index, "charts/archives/tool-1.2.3.tgz": ARCHIVE})


def _digest(behaviour: Behaviour, chart: str = "tool", version: str = "1.2.3") -> str:
    with standing(behaviour) as host:
        return ChartRepositories(Web(timeout=5)).digest(f"http://{host}/charts/", chart, version)


def test_the_archive_is_seen_to_have_the_digest_of_the_index() -> None:
    behaviour = _behaviour({"version": "1.2.2", "digest": "0" * 64, "urls": []}, ENTRY)
    assert _digest(behaviour) == f"sha256:{ARCHIVE_DIGEST}"
    assert [path for _, path, _ in behaviour.asked] == ["/charts/index.yaml", "/charts/archives/tool-1.2.3.tgz"]


def test_versions_are_the_same_with_and_without_their_letter() -> None:
    assert _digest(_behaviour(ENTRY), version="v1.2.3") == f"sha256:{ARCHIVE_DIGEST}"


def test_an_archive_that_is_another_than_the_index_says_is_not_believed() -> None:
    with pytest.raises(WrongAnswerError, match=f"says {'0' * 64} for tool 1.2.3, and the archive has {ARCHIVE_DIGEST}"):
        _digest(_behaviour(ENTRY | {"digest": "0" * 64}))


def test_an_index_that_says_no_digest_is_not_enough() -> None:
    with pytest.raises(WrongAnswerError, match=r"says no sha256 digest for tool 1\.2\.3"):
        _digest(_behaviour(ENTRY | {"digest": ""}))


@pytest.mark.parametrize(("chart", "version"), [("tool", "9.9.9"), ("other", "1.2.3")])
def test_what_the_repository_does_not_have_is_told_by_name(chart: str, version: str) -> None:
    with pytest.raises(NoAnswerError, match=f"has no {chart} {version}"):
        _digest(_behaviour(ENTRY), chart, version)


def test_a_repository_without_index_or_archive_gives_no_digest() -> None:
    with pytest.raises(NoAnswerError, match=r"index\.yaml answers 404"):
        _digest(Behaviour())
    with pytest.raises(NoAnswerError, match=r"tool-1\.2\.4\.tgz answers 404"):
        _digest(_behaviour(ENTRY | {"urls": ["archives/tool-1.2.4.tgz"]}))


def test_an_index_is_read_once_for_all_charts_of_its_repository() -> None:
    behaviour = _behaviour(ENTRY)
    with standing(behaviour) as host:
        charts = ChartRepositories(Web(timeout=5))
        for _ in range(2):
            charts.digest(f"http://{host}/charts", "tool", "1.2.3")
    assert [path for _, path, _ in behaviour.asked].count("/charts/index.yaml") == 1
