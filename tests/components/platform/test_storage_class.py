from components.platform.storage_class import StorageClass, StorageClassArgs
from tests.kit.contexts import a_context
from tests.kit.recorder import record

KEY = "arn:aws:kms:us-east-1:123456789012:key/1"


def test_volumes_are_gp3_encrypted_with_the_key_given_and_stay_when_their_claim_goes() -> None:
    made = record(lambda: StorageClass("storage", a_context(), StorageClassArgs(key_arn=KEY))).one(
        "kubernetes:storage.k8s.io/v1:StorageClass"
    )
    parameters = made.inputs["parameters"]
    assert (parameters["type"], parameters["encrypted"], parameters["kmsKeyId"]) == ("gp3", "true", KEY)
    assert made.inputs["reclaimPolicy"] == "Retain"
    assert made.inputs["metadata"]["annotations"]["storageclass.kubernetes.io/is-default-class"] == "true"


def test_a_volume_is_made_in_the_zone_of_its_pod_and_can_grow() -> None:
    made = record(lambda: StorageClass("storage", a_context(), StorageClassArgs(key_arn=KEY))).one(
        "kubernetes:storage.k8s.io/v1:StorageClass"
    )
    assert made.inputs["volumeBindingMode"] == "WaitForFirstConsumer" and made.inputs["allowVolumeExpansion"]
