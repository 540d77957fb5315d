"""Builds as Flutter leaves them, small."""

from pathlib import Path

PAGE = """<!DOCTYPE html><html><head><base href="/"><link rel="manifest" href="manifest.json?v=1">
<link rel="preconnect" href="https://api.example.com"></head>
<body><script src="flutter_bootstrap.js" async></script></body></html>"""


def a_build(folder: Path, says: str = "first", **others: str) -> Path:
    """Write a build whose program says something; `others` are further files, by path with `__` for `/` and `_dot_` for a dot."""
    files = {
        "index.html": PAGE,
        "flutter_bootstrap.js": "load()\n//# sourceMappingURL=flutter.js.map",
        "flutter_service_worker.js": "",
        "main.dart.js": f"say('{says}')",
        "manifest.json": "{}",
        "version.json": "{}",
        ".last_build_id": "1",
        "assets/logo.3f2a9c1b.png": "png",
        "canvaskit/canvaskit.wasm": "wasm",
        **{name.replace("_dot_", ".").replace("__", "/"): content for name, content in others.items()},
    }
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return folder
