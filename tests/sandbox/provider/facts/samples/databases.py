"""The database and the cache."""

from __future__ import annotations

from typing import Any, Final

from tests.sandbox.provider.facts.samples.names import GROUP, KEY, SUBNETS

DATABASES: Final[dict[str, dict[str, Any]]] = {
    "aws:rds/subnetGroup:SubnetGroup": {"name": "morefocus-prod-euw1", "subnetIds": SUBNETS},
    "aws:rds/parameterGroup:ParameterGroup": {
        "name": "morefocus-prod-euw1-postgres17",
        "family": "postgres17",
        "parameters": [{"name": "rds.force_ssl", "value": "1", "applyMethod": "immediate"}],
    },
    "aws:rds/instance:Instance": {
        "identifier": "morefocus-prod-euw1",
        "engine": "postgres",
        "engineVersion": "17.6",
        "instanceClass": "db.r5.xlarge",
        "allocatedStorage": 500,
        "maxAllocatedStorage": 2000,
        "storageType": "gp3",
        "storageEncrypted": True,
        "kmsKeyId": KEY,
        "multiAz": True,
        "dbName": "morefocus",
        "username": "platform_admin",
        "manageMasterUserPassword": True,
        "masterUserSecretKmsKeyId": KEY,
        "dbSubnetGroupName": "morefocus-prod-euw1",
        "vpcSecurityGroupIds": [GROUP],
        "backupRetentionPeriod": 30,
        "backupWindow": "03:00-04:00",
        "maintenanceWindow": "sun:04:00-sun:05:00",
        "deletionProtection": True,
        "performanceInsightsEnabled": True,
        "performanceInsightsRetentionPeriod": 7,
        "enabledCloudwatchLogsExports": ["postgresql", "upgrade"],
    },
    "aws:elasticache/subnetGroup:SubnetGroup": {"name": "morefocus-prod-euw1", "subnetIds": SUBNETS},
    "aws:elasticache/parameterGroup:ParameterGroup": {
        "name": "morefocus-prod-euw1-redis7",
        "family": "redis7",
        "parameters": [{"name": "cluster-enabled", "value": "yes"}],
    },
    "aws:elasticache/replicationGroup:ReplicationGroup": {
        "replicationGroupId": "morefocus-prod-euw1",
        "description": "Sessions and rate limits",
        "engine": "redis",
        "engineVersion": "7.1",
        "nodeType": "cache.r5.large",
        "clusterMode": "enabled",
        "numNodeGroups": 3,
        "replicasPerNodeGroup": 2,
        "automaticFailoverEnabled": True,
        "multiAzEnabled": True,
        "transitEncryptionEnabled": True,
        "transitEncryptionMode": "required",
        "atRestEncryptionEnabled": True,
        "kmsKeyId": KEY,
        "userGroupIds": ["applications"],
        "logDeliveryConfigurations": [
            {"destination": "/redis/slow", "destinationType": "cloudwatch-logs", "logFormat": "json", "logType": "slow-log"}
        ],
    },
    "aws:elasticache/user:User": {
        "userId": "bookings",
        "userName": "bookings",
        "engine": "redis",
        "accessString": "on ~* +@all",
        "authenticationMode": {"type": "iam"},
    },
    "aws:elasticache/userGroup:UserGroup": {"userGroupId": "applications", "engine": "redis", "userIds": ["default", "bookings"]},
}
