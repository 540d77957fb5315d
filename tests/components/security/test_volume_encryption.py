from components.security.volume_encryption import VolumeEncryption, VolumeEncryptionArgs
from tests.kit.contexts import a_context
from tests.kit.recorder import record

KEY = "arn:aws:kms:us-east-1:123456789012:key/operational"


def test_every_volume_is_encrypted_with_the_estates_own_key() -> None:
    graph = record(lambda: VolumeEncryption("volumes", a_context(), VolumeEncryptionArgs(key_arn=KEY)))
    assert graph.one("aws:ebs/defaultKmsKey:DefaultKmsKey").inputs == {"keyArn": KEY}
    assert graph.one("aws:ebs/encryptionByDefault:EncryptionByDefault").inputs == {"enabled": True}


def test_the_key_is_set_before_encryption_is_on() -> None:
    graph = record(lambda: VolumeEncryption("volumes", a_context(), VolumeEncryptionArgs(key_arn=KEY)))
    key = graph.one("aws:ebs/defaultKmsKey:DefaultKmsKey")
    assert key.urn in graph.one("aws:ebs/encryptionByDefault:EncryptionByDefault").depends_on
