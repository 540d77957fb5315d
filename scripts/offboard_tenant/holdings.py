"""Where a tenant has something: names that follow from its own, and the clients to look there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import boto3

from components.products.tenant.permissions import role_arn, secret_folder
from config.load import Settings
from config.tenants import Tenant
from stacks.compose import context_of


class OffboardError(Exception):
    """A step cannot be taken: what was found, and what to do."""


@dataclass(frozen=True, kw_only=True)
class Holdings:
    """All that a tenant has outside the cluster, by name."""

    tenant: str
    stack: str
    region: str
    schema: str
    namespace: str
    bucket: str
    secrets: str
    """Beginning of the names of its secrets."""
    role: str
    """Name of its pods' role."""
    file: str


def holdings_of(settings: Settings, tenant: Tenant) -> Holdings:
    """Return what a tenant of a stack has."""
    context = context_of(settings)
    return Holdings(
        tenant=tenant.name,
        stack=settings.stack,
        region=context.region.value,
        schema=tenant.schema_name,
        namespace=tenant.namespace,
        bucket=context.physical(tenant.namespace),
        secrets=secret_folder(context, tenant.name),
        role=role_arn(context, tenant.namespace).rpartition("/")[2],
        file=tenant.file,
    )


@dataclass(frozen=True, kw_only=True)
class Cloud:
    """Clients of the tenant's region."""

    s3: Any
    secrets: Any
    iam: Any
    backup: Any

    @staticmethod
    def of(region: str) -> Cloud:
        """Return clients as the environment says: credentials, and in the sandbox its endpoint."""
        return Cloud(
            s3=boto3.client("s3", region_name=region),
            secrets=boto3.client("secretsmanager", region_name=region),
            iam=boto3.client("iam", region_name=region),
            backup=boto3.client("backup", region_name=region),
        )


def versions(s3: Any, bucket: str) -> list[dict[str, Any]]:
    """Return every version and delete marker of a bucket; none where there is no such bucket."""
    from botocore.exceptions import ClientError

    found: list[dict[str, Any]] = []
    try:
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
            found += [{"Key": each["Key"], "VersionId": each["VersionId"], "Marker": False, **each} for each in page.get("Versions", [])]
            found += [{"Key": each["Key"], "VersionId": each["VersionId"], "Marker": True} for each in page.get("DeleteMarkers", [])]
    except ClientError as error:
        if error.response["Error"]["Code"] in ("NoSuchBucket", "404"):
            return []
        raise
    return found


def secret_names(client: Any, beginning: str) -> list[str]:
    """Return the names of a tenant's secrets that are there and not marked for deletion."""
    pages = client.get_paginator("list_secrets").paginate(Filters=[{"Key": "name", "Values": [beginning]}])
    return sorted(each["Name"] for page in pages for each in page["SecretList"] if each["Name"].startswith(beginning))
