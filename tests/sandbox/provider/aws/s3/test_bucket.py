"""Buckets against the emulated cloud."""

from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Life, Workbench

BUCKET = "aws:s3/bucket:Bucket"
NAME = "estate-prod-euw1-records"


def tags(life: Life) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in life.boto("s3").get_bucket_tagging(Bucket=life.id)["TagSet"]}


def test_a_bucket_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.life(BUCKET)
    promised = life.preview(bucket=NAME)
    assert promised["arn"] == f"arn:aws:s3:::{NAME}"
    assert promised["bucketRegionalDomainName"] == f"{NAME}.s3.eu-west-1.amazonaws.com"
    assert promised["hostedZoneId"] == "Z1BKCTXD74EZPE"

    life.create(bucket=NAME, tags={"data-class": "personal"})
    assert life.id == NAME
    assert life.boto("s3").get_bucket_location(Bucket=NAME)["LocationConstraint"] == "eu-west-1"
    assert tags(life) == {"data-class": "personal"}
    assert life.refresh() == []

    life.update(bucket=NAME, tags={"data-class": "logs", "owner": "platform"}, forceDestroy=True)
    assert tags(life) == {"data-class": "logs", "owner": "platform"}
    life.update(bucket=NAME)
    with pytest.raises(Exception, match="NoSuchTagSet"):
        tags(life)

    life.delete()
    assert life.gone()


def test_a_bucket_of_us_east_1_names_no_location(workbench: Workbench) -> None:
    life = workbench.made(BUCKET, region="us-east-1", bucket="estate-prod-use1-records")
    assert life.boto("s3").get_bucket_location(Bucket=life.id).get("LocationConstraint") is None
    assert life.outputs["bucketRegionalDomainName"] == "estate-prod-use1-records.s3.us-east-1.amazonaws.com"


def test_a_bucket_goes_where_its_own_region_says(workbench: Workbench) -> None:
    life = workbench.life(BUCKET)
    life.create(bucket="estate-prod-sae1-records", region="sa-east-1")
    assert life.boto("s3").get_bucket_location(Bucket=life.id)["LocationConstraint"] == "sa-east-1"


def test_a_bucket_without_a_name_gets_one_from_its_logical_name(workbench: Workbench) -> None:
    assert workbench.made(BUCKET).id.startswith("sample-")


def test_a_bucket_may_be_named_by_prefix(workbench: Workbench) -> None:
    life = workbench.made(BUCKET, bucketPrefix="records-")
    assert life.id.startswith("records-")
    assert life.boto("s3").head_bucket(Bucket=life.id)


def test_name_and_object_lock_replace_a_bucket(workbench: Workbench) -> None:
    life = workbench.made(BUCKET, bucket=NAME)
    assert life.replaced_by(bucket="other-bucket", objectLockEnabled=True) == {"bucket", "objectLockEnabled"}


def test_a_bucket_with_object_lock_has_it_from_the_start(workbench: Workbench) -> None:
    life = workbench.made(BUCKET, bucket=NAME, objectLockEnabled=True)
    lock = life.boto("s3").get_object_lock_configuration(Bucket=NAME)["ObjectLockConfiguration"]
    assert lock["ObjectLockEnabled"] == "Enabled"
    assert life.refresh() == []


def test_tags_changed_by_hand_show_on_refresh(workbench: Workbench) -> None:
    life = workbench.made(BUCKET, bucket=NAME, tags={"owner": "platform"})
    life.boto("s3").put_bucket_tagging(Bucket=NAME, Tagging={"TagSet": [{"Key": "owner", "Value": "someone"}]})
    assert {change.path for change in life.refresh()} == {"tags.owner"}


def test_a_bucket_can_be_imported(workbench: Workbench) -> None:
    life = workbench.made(BUCKET, bucket=NAME, tags={"owner": "platform"})
    inputs, outputs = life.imported()
    assert inputs["bucket"] == NAME
    assert inputs["tags"] == {"owner": "platform"}
    assert outputs["arn"] == life.outputs["arn"]


def fill(life: Life) -> None:
    s3 = life.boto("s3")
    s3.put_bucket_versioning(Bucket=life.id, VersioningConfiguration={"Status": "Enabled"})
    for body in (b"first", b"second"):
        s3.put_object(Bucket=life.id, Key="record", Body=body)
    s3.delete_object(Bucket=life.id, Key="record")
    s3.create_multipart_upload(Bucket=life.id, Key="unfinished")


def test_a_bucket_that_holds_anything_is_kept(workbench: Workbench) -> None:
    life = workbench.made(BUCKET, bucket=NAME)
    fill(life)
    with pytest.raises(Exception, match="BucketNotEmpty"):
        life.delete()
    assert not life.gone()


def test_force_destroy_empties_a_bucket_of_all_versions(workbench: Workbench) -> None:
    life = workbench.made(BUCKET, bucket=NAME, forceDestroy=True)
    fill(life)
    life.delete()
    assert life.gone()


def test_the_teardown_empties_a_bucket(workbench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    life = workbench.made(BUCKET, bucket=NAME)
    fill(life)
    monkeypatch.setenv("SANDBOX_TEARDOWN", "1")
    life.delete()
    assert life.gone()


@pytest.mark.parametrize(
    "name", ["ab", "Records", "records_euw1", "records..euw1", "-records", "10.0.0.1", "xn--records", "records-s3alias"]
)
def test_a_name_that_s3_would_refuse_is_refused(workbench: Workbench, name: str) -> None:
    with pytest.raises(InvalidInputs, match=r"bucket"):
        workbench.life(BUCKET).check(bucket=name)


@pytest.mark.parametrize(
    ("inputs", "instead"),
    [
        ({"versioning": {"enabled": True}}, "BucketVersioning"),
        ({"acl": "private"}, "BucketAcl"),
        ({"policy": "{}"}, "BucketPolicy"),
    ],
)
def test_deprecated_inputs_are_refused_with_what_to_declare_instead(workbench: Workbench, inputs: dict[str, Any], instead: str) -> None:
    with pytest.raises(InvalidInputs, match=f"declare an aws:s3:{instead}"):
        workbench.life(BUCKET).check(bucket=NAME, **inputs)


def test_a_name_that_someone_else_has_is_refused_with_a_remedy(workbench: Workbench) -> None:
    workbench.made(BUCKET, bucket=NAME)
    with pytest.raises(Exception, match="BucketAlready"):
        workbench.made(BUCKET, logical="other", bucket=NAME)
