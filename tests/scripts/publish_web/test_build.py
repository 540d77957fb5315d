from pathlib import Path

import pytest

from scripts.publish_web.build import ASKED_EACH_TIME, KEPT_FOR_EVER, PublishError, read_build
from tests.scripts.publish_web.builds import PAGE, a_build


def test_a_release_is_named_by_its_content_and_leaves_out_flutters_note(tmp_path: Path) -> None:
    first, again, other = (
        a_build(tmp_path / "a"),
        a_build(tmp_path / "b", _dot_last_build_id="2"),
        a_build(tmp_path / "c", says="second"),
    )
    assert read_build(first).version == read_build(again).version != read_build(other).version
    assert ".last_build_id" not in read_build(first).files


def test_only_what_changes_its_name_with_its_content_is_never_asked_for_again(tmp_path: Path) -> None:
    files = read_build(a_build(tmp_path, app_dot_5d41402abc4b2a76_dot_js="x", assets__deadline_dot_js="x")).files
    told = {path: file.cache_control for path, file in files.items()}
    kept = {path for path, value in told.items() if value == KEPT_FOR_EVER}
    assert kept == {"assets/logo.3f2a9c1b.png", "app.5d41402abc4b2a76.js"}
    for path in ("index.html", "flutter_service_worker.js", "version.json", "manifest.json", "main.dart.js"):
        assert told[path] == ASKED_EACH_TIME
    assert "immutable" in KEPT_FOR_EVER and "max-age=0" in ASKED_EACH_TIME and "must-revalidate" in ASKED_EACH_TIME


def test_browsers_are_told_types_that_they_run(tmp_path: Path) -> None:
    types = {path: file.content_type for path, file in read_build(a_build(tmp_path, notes="x")).files.items()}
    assert types["canvaskit/canvaskit.wasm"] == "application/wasm"
    assert types["main.dart.js"].startswith("text/javascript")
    assert types["index.html"] == "text/html; charset=utf-8"
    assert types["notes"] == "application/octet-stream"


@pytest.mark.parametrize(
    ("others", "said"),
    [
        ({"main_dot_dart_dot_js_dot_map": "{}"}, r"main\.dart\.js\.map is a source map"),
        (
            {"main_dot_dart_dot_js": "x\n//# sourceMappingURL=data:application/json;base64,e30="},
            r"main\.dart\.js carries a source map inside",
        ),
        ({"_dot_env": "KEY=x"}, r"\.env is hidden"),
        ({"index_dot_html": PAGE.replace("flutter_bootstrap.js", "gone.js")}, r"index\.html names gone\.js, which is not there"),
        ({"index_dot_html": PAGE.replace('href="/"', 'href="$FLUTTER_BASE_HREF"')}, r'has <base href="\$FLUTTER_BASE_HREF">'),
    ],
)
def test_what_may_not_go_out_is_named(tmp_path: Path, others: dict[str, str], said: str) -> None:
    with pytest.raises(PublishError, match=said):
        read_build(a_build(tmp_path, **others))


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    folder = a_build(tmp_path, a_dot_js_dot_map="{}")
    (folder / "index.html").unlink()
    (folder / "link.js").symlink_to(folder / "main.dart.js")
    with pytest.raises(PublishError) as told:
        read_build(folder)
    assert all(each in str(told.value) for each in ("a.js.map is a source map", "index.html is missing", "link.js is a link"))
    with pytest.raises(PublishError, match="is no folder: build the client first"):
        read_build(tmp_path / "nowhere")
