"""The database and the cache."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sandbox.provider.facts.cfn_names import Names

_UPPER_CASE_ENGINE = {"engine": ("REDIS", "VALKEY")}

DATABASES: Final[Mapping[str, Names]] = {
    "aws:rds/subnetGroup:SubnetGroup": Names(
        type="AWS::RDS::DBSubnetGroup",
        renamed={"name": "DBSubnetGroupName", "description": "DBSubnetGroupDescription"},
        optional=frozenset({"description"}),
    ),
    "aws:rds/parameterGroup:ParameterGroup": Names(
        type="AWS::RDS::DBParameterGroup",
        renamed={"name": "DBParameterGroupName", "parameters": None},
        optional=frozenset({"description"}),
    ),
    "aws:rds/instance:Instance": Names(
        type="AWS::RDS::DBInstance",
        renamed={
            "backupWindow": "PreferredBackupWindow",
            "caCertIdentifier": "CACertificateIdentifier",
            "enabledCloudwatchLogsExports": "EnableCloudwatchLogsExports",
            "iamDatabaseAuthenticationEnabled": "EnableIAMDatabaseAuthentication",
            "identifier": "DBInstanceIdentifier",
            "instanceClass": "DBInstanceClass",
            "maintenanceWindow": "PreferredMaintenanceWindow",
            "masterUserSecretKmsKeyId": "MasterUserSecret/KmsKeyId",
            "parameterGroupName": "DBParameterGroupName",
            "password": "MasterUserPassword",
            "performanceInsightsEnabled": "EnablePerformanceInsights",
            "replicateSourceDb": "SourceDBInstanceIdentifier",
            "snapshotIdentifier": "DBSnapshotIdentifier",
            "username": "MasterUsername",
            "vpcSecurityGroupIds": "VPCSecurityGroups",
        },
        optional=frozenset({"storageEncrypted"}),  # the provider takes it for a replica too, whose source decides
        versions=frozenset({"engineVersion"}),
        further={
            "aws_rds_dbinstance/aurora_exclusive": ("",),
            "aws_rds_dbinstance/backupretentionperiod_maximum": ("",),
            "aws_rds_dbinstance/db_instance_class": ("",),
            "aws_rds_dbinstance/dbinstanceclass_enum": ("",),
            "aws_rds_dbinstance/engine_version": ("",),
            "aws_rds_dbinstance/kmskey_storageencrypted": ("",),
            "aws_rds_dbinstance/replicamode_enum": ("",),
        },
        deprecated="aws_rds_dbinstance/engine_version_deprecated",
    ),
    "aws:elasticache/subnetGroup:SubnetGroup": Names(
        type="AWS::ElastiCache::SubnetGroup", renamed={"name": "CacheSubnetGroupName"}, optional=frozenset({"description"})
    ),
    "aws:elasticache/parameterGroup:ParameterGroup": Names(
        type="AWS::ElastiCache::ParameterGroup",
        renamed={"family": "CacheParameterGroupFamily", "name": "CacheParameterGroupName"},
        optional=frozenset({"description"}),
    ),
    "aws:elasticache/replicationGroup:ReplicationGroup": Names(
        type="AWS::ElastiCache::ReplicationGroup",
        renamed={
            "description": "ReplicationGroupDescription",
            "maintenanceWindow": "PreferredMaintenanceWindow",
            "nodeType": "CacheNodeType",
            "parameterGroupName": "CacheParameterGroupName",
            "securityGroupNames": "CacheSecurityGroupNames",
            "subnetGroupName": "CacheSubnetGroupName",
        },
        also={"engineVersion": ("6.x",)},  # the provider's way to leave the minor version of Redis 6 to AWS
        versions=frozenset({"engineVersion"}),
        further={
            "aws_elasticache_cachecluster/cachenodetype_enum": ("CacheNodeType",),
            "aws_elasticache_cachecluster/engine_version": ("",),
        },
    ),
    "aws:elasticache/user:User": Names(type="AWS::ElastiCache::User", also=_UPPER_CASE_ENGINE),
    "aws:elasticache/userGroup:UserGroup": Names(
        type="AWS::ElastiCache::UserGroup", optional=frozenset({"userIds"}), also=_UPPER_CASE_ENGINE
    ),
}
