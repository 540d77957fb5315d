"""A bundle holds handlers and what they share, and neither tests nor packages."""

from pathlib import Path

import pytest

from stacks.function_sources import scheduling_files


def _write(folder: Path, *paths: str) -> None:
    for path in paths:
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(path, encoding="utf-8")


def test_only_what_functions_load_is_in_the_bundle(tmp_path: Path) -> None:
    inside = ("bookings/handler.mjs", "bookings/slots.mjs", "messages/handler.mjs", "messages/templates.json", "shared/log.mjs")
    outside = (
        "package.json",
        "test/bookings.test.mjs",
        "bookings/slots.test.mjs",
        "openapi/scheduling.v1.yaml",
        "node_modules/a/index.mjs",
    )
    _write(tmp_path, *inside, *outside)
    assert list(scheduling_files(tmp_path)) == sorted(inside)
    assert scheduling_files(tmp_path)["shared/log.mjs"] == b"shared/log.mjs"


def test_a_folder_without_a_handler_is_no_service(tmp_path: Path) -> None:
    _write(tmp_path, "shared/log.mjs")
    with pytest.raises(FileNotFoundError, match=r"no handler\.mjs in any folder"):
        scheduling_files(tmp_path)


def test_the_service_of_this_repository_has_handlers() -> None:
    assert "shared/secrets.mjs" in scheduling_files()
