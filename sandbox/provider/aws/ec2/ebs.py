"""Account settings of EBS in a region: encryption of new volumes."""

from __future__ import annotations

from sandbox.provider.handler import Call, Handler
from sandbox.provider.values import Properties


class EncryptionByDefault(Handler):
    """Whether new volumes are encrypted though nobody asks for it."""

    token = "aws:ebs/encryptionByDefault:EncryptionByDefault"
    defaults = {"enabled": True}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        self._set(call, inputs["enabled"])
        return call.region, {}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        return {"enabled": call.client("ec2").get_ebs_encryption_by_default()["EbsEncryptionByDefault"]}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        self._set(call, new["enabled"])
        return {}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        self._set(call, False)

    def _set(self, call: Call, enabled: bool) -> None:
        ec2 = call.client("ec2")
        if enabled:
            ec2.enable_ebs_encryption_by_default()
        else:
            ec2.disable_ebs_encryption_by_default()


class DefaultKmsKey(Handler):
    """The key that encrypts new volumes when none is named."""

    token = "aws:ebs/defaultKmsKey:DefaultKmsKey"
    create_only = frozenset({"keyArn"})

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        call.client("ec2").modify_ebs_default_kms_key_id(KmsKeyId=inputs["keyArn"])
        return inputs["keyArn"], {}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        return {"keyArn": call.client("ec2").get_ebs_default_kms_key_id()["KmsKeyId"]}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        """Its only input replaces: there is nothing to change in place."""
        return {}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("ec2").reset_ebs_default_kms_key_id()
