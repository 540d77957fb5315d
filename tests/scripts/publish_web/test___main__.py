"""The commands against an emulated cloud, in which bucket and store are named as the program names them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from config.load import ROOT
from scripts.publish_web.__main__ import application
from scripts.publish_web.build import PublishError, read_build
from scripts.publish_web.place import place_of
from tests.kit.cloud import EmulatedCloud
from tests.scripts.publish_web.builds import a_build

BUCKET, STORE = "morefocus-prod-use1-web-content", "morefocus-prod-use1-web-releases"


@dataclass
class Scene:
    """What a person types, and what stands in the cloud afterwards."""

    cloud: EmulatedCloud
    folder: Path

    def run(self, *arguments: str) -> tuple[int, str]:
        """A command's exit code and all it said."""
        done = CliRunner().invoke(application, list(arguments))
        return done.exit_code, done.output

    def publish(self, name: str, says: str, **others: str) -> str:
        """Publish a build of that name; return its version."""
        folder = a_build(self.folder / name, says=says, **others)
        code, said = self.run("publish", str(folder))
        assert code == 0, said
        return read_build(folder).version

    def served(self) -> str | None:
        """The release that the edges read."""
        return place_of("us-east-1", ROOT).served()

    def keys(self, prefix: str = "") -> list[str]:
        """Names of objects."""
        found = self.cloud.boto("s3", "us-east-1").list_objects_v2(Bucket=BUCKET, Prefix=prefix)
        return [each["Key"] for each in found.get("Contents", [])]

    def object(self, key: str) -> Any:
        """One object, with its headers."""
        return self.cloud.boto("s3", "us-east-1").get_object(Bucket=BUCKET, Key=key)


@pytest.fixture
def scene(emulated_cloud: EmulatedCloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    emulated_cloud.reset()
    for name, value in {"ENDPOINT_URL": emulated_cloud.endpoint, "ACCESS_KEY_ID": "test", "SECRET_ACCESS_KEY": "test"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    s3 = emulated_cloud.boto("s3", "us-east-1")
    s3.create_bucket(Bucket=BUCKET)
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    emulated_cloud.boto("cloudfront").create_key_value_store(Name=STORE)
    yield Scene(emulated_cloud, tmp_path)


def test_a_build_is_brought_whole_and_then_served(scene: Scene) -> None:
    version = scene.publish("first", "first")
    assert scene.served() == version
    folder = f"v/{version}/"
    assert set(scene.keys(folder)) == {f"{folder}{path}" for path in read_build(scene.folder / "first").files}
    page, logo = scene.object(f"{folder}index.html"), scene.object(f"{folder}assets/logo.3f2a9c1b.png")
    assert (page["ContentType"], page["CacheControl"]) == (
        "text/html; charset=utf-8",
        "public, max-age=0, must-revalidate, s-maxage=31536000",
    )
    assert logo["CacheControl"] == "public, max-age=31536000, immutable"
    (record,) = [json.loads(scene.object(key)["Body"].read()) for key in scene.keys("history/")]
    assert (record["version"], record["before"]) == (version, None) and record["by"].startswith("arn:aws:")


def test_publishing_it_again_changes_nothing_and_an_unfinished_one_is_finished(scene: Scene) -> None:
    version = scene.publish("first", "first")
    before = scene.keys()
    code, said = scene.run("publish", str(scene.folder / "first"))
    assert code == 0 and "there already, served already" in said
    assert scene.keys() == before
    scene.cloud.boto("s3", "us-east-1").delete_object(Bucket=BUCKET, Key=f"v/{version}/main.dart.js")
    assert "brought, served already" in scene.run("publish", str(scene.folder / "first"))[1]
    assert scene.keys() == before


def test_it_goes_back_step_by_step_and_to_any_release_that_is_kept(scene: Scene) -> None:
    versions = [scene.publish(name, name) for name in ("one", "two", "three")]
    for expected in reversed(versions[:-1]):
        code, said = scene.run("back")
        assert code == 0 and scene.served() == expected, said
    code, said = scene.run("back")
    assert code == 1 and "nothing kept is older than what is served" in said
    assert scene.run("back", versions[2])[0] == 0 and scene.served() == versions[2]
    code, said = scene.run("list")
    assert f"* {versions[2]}" in said and f"{versions[0]} -> {versions[2]}" in said
    assert len(scene.keys("history/")) == 6


def test_a_release_that_is_not_whole_or_not_there_is_not_served(scene: Scene) -> None:
    first, second = scene.publish("one", "one"), scene.publish("two", "two")
    scene.cloud.boto("s3", "us-east-1").delete_object(Bucket=BUCKET, Key=f"v/{first}/main.dart.js")
    code, said = scene.run("back")
    assert code == 1 and f"release {first} lacks main.dart.js" in said
    assert "no release 'other' is kept" in scene.run("back", "other")[1]
    assert scene.served() == second


def test_a_name_that_says_its_content_never_gets_other_content(scene: Scene) -> None:
    first = scene.publish("one", "one", app_dot_5d41402abc4b2a76_dot_js="one")
    folder = a_build(scene.folder / "two", says="two", app_dot_5d41402abc4b2a76_dot_js="two")
    code, said = scene.run("publish", str(folder))
    assert code == 1 and f"app.5d41402abc4b2a76.js (release {first})" in said
    assert scene.served() == first and len(scene.keys("releases/")) == 1


def test_the_oldest_releases_go_and_what_is_served_stays(scene: Scene) -> None:
    versions = [scene.publish(name, name) for name in ("one", "two", "three")]
    scene.run("back", versions[0])
    a_build(scene.folder / "four", says="four")
    code, said = scene.run("publish", str(scene.folder / "four"), "--keep", "2")
    fourth = read_build(scene.folder / "four").version
    assert code == 0 and f"no longer kept: {versions[0]}, {versions[1]}" in said
    assert {key.split("/")[1] for key in scene.keys("v/")} == {versions[2], fourth}
    releases = place_of("us-east-1", ROOT)
    releases.switch(versions[2])
    assert releases.prune(1) == [] and scene.served() == versions[2], "what is served is never removed"


def test_two_who_switch_at_once_do_not_overwrite_each_other(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = scene.publish("one", "one"), scene.publish("two", "two")
    mine, theirs = place_of("us-east-1", ROOT), place_of("us-east-1", ROOT)
    described = mine.store.describe_key_value_store

    def overtaken(**asked: Any) -> Any:
        answer = described(**asked)
        assert theirs.switch(first)
        return answer

    monkeypatch.setattr(mine.store, "describe_key_value_store", overtaken)
    monkeypatch.setattr(type(mine), "served", lambda self: second)
    with pytest.raises(PublishError, match="somebody else switched meanwhile"):
        mine.switch(first)


def test_where_nothing_was_brought_up_it_says_what_to_do(scene: Scene) -> None:
    cloudfront = scene.cloud.boto("cloudfront")
    cloudfront.delete_key_value_store(Name=STORE, IfMatch=cloudfront.describe_key_value_store(Name=STORE)["ETag"])
    code, said = scene.run("list")
    assert code == 1 and f"there is no key-value store {STORE}: bring stack us-east-1 up first" in said
    scene.cloud.boto("s3", "us-east-1").delete_bucket(Bucket=BUCKET)
    cloudfront.create_key_value_store(Name=STORE)
    code, said = scene.run("publish", str(a_build(scene.folder / "one")))
    assert code == 1 and "NoSuchBucket" in said
    code, said = scene.run("list", "--stack", "eu-west-1")
    assert code == 1 and "eu-west-1 is none: STACK=us-east-1" in said
