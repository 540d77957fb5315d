"""The functions of the edge run, in Node.js, with a store in place of CloudFront's."""

import json
import re
import shutil
import subprocess
from typing import Any

import pytest

from components.edge.edge_code import RELEASE_KEY, RUNTIME, api_code, web_code

NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(NODE is None, reason="needs Node.js")
LIMIT = 10 * 1024
"""Bytes of a function's code: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html"""
PATHS = {
    "/": "/v/1a2b/index.html",
    "/bookings/42": "/v/1a2b/index.html",
    "/bookings/": "/v/1a2b/index.html",
    "/main.dart.js": "/v/1a2b/main.dart.js",
    "/assets/fonts/Roboto.ttf": "/v/1a2b/assets/fonts/Roboto.ttf",
    "/apiary": "/v/1a2b/index.html",
    "/v/other/index.html": "/v/1a2b/v/other/index.html",
}


def _run(code: str, paths: list[str], entries: dict[str, str]) -> list[Any]:
    store = f"const entries = {json.dumps(entries)};"
    get = "get: async (key) => { if (key in entries) return entries[key]; throw new Error('KeyNotFound'); }"
    plain = re.sub(r"^import cf from 'cloudfront';", f"{store} const cf = {{ kvs: () => ({{ {get} }}) }};", code, flags=re.MULTILINE)
    asked = f"for (const uri of {json.dumps(paths)}) answers.push(await handler({{ request: {{ uri, method: 'GET' }} }}));"
    program = f"{plain}\n(async () => {{ const answers = []; {asked} console.log(JSON.stringify(answers)); }})();"
    done = subprocess.run([str(NODE), "-e", program], capture_output=True, text=True, timeout=30, check=True)
    found: list[Any] = json.loads(done.stdout)
    return found


def test_a_path_is_of_the_release_that_is_served_and_a_place_of_the_client_is_its_page() -> None:
    answers = _run(web_code(), list(PATHS), {RELEASE_KEY: "1a2b"})
    assert [each["uri"] for each in answers] == list(PATHS.values())


def test_an_api_that_is_not_there_is_no_page() -> None:
    for answer in _run(web_code(), ["/api", "/api/", "/api/mars1/v1/bookings"], {RELEASE_KEY: "1a2b"}):
        assert (answer["statusCode"], json.loads(answer["body"])["status"]) == (404, 404)
        assert answer["headers"]["content-type"]["value"] == "application/problem+json"
        assert answer["headers"]["cache-control"]["value"] == "no-store"


def test_before_the_first_release_nothing_is_served() -> None:
    (answer,) = _run(web_code(), ["/"], {})
    assert answer["statusCode"] == 503


def test_a_regions_api_gets_the_path_that_its_contract_knows() -> None:
    paths = {"/api/use1/v1/bookings/42": "/api/v1/bookings/42", "/api/use1/v2/": "/api/v2/", "/api/use1/": "/api/"}
    assert [each["uri"] for each in _run(api_code(), list(paths), {})] == list(paths.values())


def test_both_are_small_enough_and_of_the_runtime_that_reads_stores() -> None:
    assert RUNTIME == "cloudfront-js-2.0"
    assert max(len(code.encode()) for code in (web_code(), api_code())) < LIMIT
