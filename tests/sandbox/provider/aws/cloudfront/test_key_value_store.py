"""Stores that functions at the edge read, against the emulated cloud."""

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Workbench

STORE = "aws:cloudfront/keyValueStore:KeyValueStore"


def test_a_store_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.life(STORE)
    made = life.create(name="web-releases", comment="Which", tags={"owner": "edge"})
    cloudfront = life.boto("cloudfront")
    live = cloudfront.describe_key_value_store(Name="web-releases")["KeyValueStore"]
    assert (life.id, made["arn"], live["Comment"]) == ("web-releases", live["ARN"], "Which")
    assert life.refresh() == []

    life.update(name="web-releases", comment="Other", tags={"owner": "platform"})
    assert cloudfront.describe_key_value_store(Name="web-releases")["KeyValueStore"]["Comment"] == "Other"
    assert cloudfront.list_tags_for_resource(Resource=made["arn"])["Tags"]["Items"] == [{"Key": "owner", "Value": "platform"}]
    assert life.refresh() == []
    assert life.replaced_by(name="other") == {"name"}
    inputs, outputs = life.imported()
    assert (inputs["name"], outputs["arn"]) == ("web-releases", made["arn"])

    life.delete()
    assert life.gone()


def test_a_changed_comment_shows_on_refresh(workbench: Workbench) -> None:
    life = workbench.made(STORE, name="web-releases", comment="Which")
    cloudfront = life.boto("cloudfront")
    cloudfront.update_key_value_store(Name="web-releases", Comment="By hand", IfMatch=life.outputs["etag"])
    assert [change.path for change in life.refresh()] == ["comment"]


def test_what_cloudfront_refuses_is_refused_at_preview(workbench: Workbench) -> None:
    with pytest.raises(InvalidInputs, match="name"):
        workbench.life(STORE).check(name="with spaces")
