"""The files of this repository that functions of the scheduling service run, as their bundle holds them (SCH-2)."""

from pathlib import Path

from config.load import ROOT

FOLDER = ROOT / "services" / "scheduling"
_SHARED = "shared"
_ENTRY = "handler.mjs"
_KINDS = (".json", ".mjs")


def scheduling_files(folder: Path = FOLDER) -> dict[str, bytes]:
    """Return what every function of the service needs: the folders of handlers and what they share, without tests and packages.

    Raises FileNotFoundError when there is no handler.
    """
    parts = sorted(each for each in folder.iterdir() if each.is_dir() and (each.name == _SHARED or (each / _ENTRY).is_file()))
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for part in parts
        for path in sorted(part.rglob("*"))
        if path.is_file() and path.suffix in _KINDS and ".test." not in path.name
    }
    if not any(path.endswith(f"/{_ENTRY}") for path in files):
        raise FileNotFoundError(f"no {_ENTRY} in any folder of {folder}: a function is a folder with one")
    return files
