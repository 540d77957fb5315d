"""Launch templates and EBS: tags as they are now, templates without tags of their own inside, the default key told and reset."""

from __future__ import annotations

from functools import wraps
from typing import Any


def install() -> None:
    """Adds it to moto."""
    from moto.ec2.models.launch_templates import LaunchTemplate, LaunchTemplateBackend
    from moto.ec2.responses.elastic_block_store import ElasticBlockStore

    # moto sets what this reads; nothing else does.
    LaunchTemplate.tags = property(lambda template: template.get_tags(), lambda _template, _tags: None)
    LaunchTemplateBackend.create_launch_template = _create_template(LaunchTemplateBackend.create_launch_template)
    ElasticBlockStore.get_ebs_default_kms_key_id = _get_key
    ElasticBlockStore.reset_ebs_default_kms_key_id = _reset_key
    ElasticBlockStore.modify_ebs_default_kms_key_id = _existing(ElasticBlockStore.modify_ebs_default_kms_key_id)


def _create_template(original: Any) -> Any:
    @wraps(original)
    def create_launch_template(self: Any, name: str, description: str, template_data: dict[str, Any], tag_spec: Any) -> Any:
        given = template_data.get("TagSpecifications", [])
        kept = [item for item in given if item["ResourceType"] != "launch-template"]
        data = {key: value for key, value in template_data.items() if key != "TagSpecifications"}
        return original(self, name, description, data | ({"TagSpecifications": kept} if kept else {}), tag_spec)

    return create_launch_template


def _get_key(self: Any) -> Any:
    from moto.core.responses import ActionResult

    backend = self.ec2_backend
    return ActionResult({"KmsKeyId": backend.default_kms_key_id or backend._create_default_encryption_key()})


def _reset_key(self: Any) -> Any:
    from moto.core.responses import ActionResult

    return ActionResult({"KmsKeyId": self.ec2_backend._create_default_encryption_key()})


def _existing(original: Any) -> Any:
    @wraps(original)
    def modify_ebs_default_kms_key_id(self: Any) -> Any:
        from moto.ec2.exceptions import EC2ClientError
        from moto.kms.models import kms_backends

        key, backend = self._get_param("KmsKeyId"), self.ec2_backend
        kms = kms_backends[backend.account_id][backend.region_name]
        found = kms.get_key_id_from_alias(kms.get_alias_name(key)) if "alias/" in key else kms.get_key_id(key)
        if found not in kms.keys:
            raise EC2ClientError("InvalidKmsKey.NotFound", f"The specified customer master key {key} does not exist")
        return original(self)

    return modify_ebs_default_kms_key_id
