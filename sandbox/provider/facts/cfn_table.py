"""The counterparts of the core estate's resource types (see `cfn_names`), each compared property by property."""

from __future__ import annotations

from collections.abc import Mapping

from sandbox.provider.facts.cfn_names import Names

_INSTANCE_TYPES = "aws_ec2_instance/instancetype_enum"

_NETWORK = {
    "aws:ec2/vpc:Vpc": Names(
        type="AWS::EC2::VPC",
        optional=frozenset({"ipv4NetmaskLength"}),  # the pool may have a default
    ),
    "aws:ec2/subnet:Subnet": Names(
        type="AWS::EC2::Subnet",
        renamed={
            "enableResourceNameDnsARecordOnLaunch": "PrivateDnsNameOptionsOnLaunch/EnableResourceNameDnsARecord",
            "enableResourceNameDnsAaaaRecordOnLaunch": "PrivateDnsNameOptionsOnLaunch/EnableResourceNameDnsAAAARecord",
            "privateDnsHostnameTypeOnLaunch": "PrivateDnsNameOptionsOnLaunch/HostnameType",
        },
        optional=frozenset({"ipv4NetmaskLength", "ipv6NetmaskLength"}),
    ),
    "aws:ec2/internetGateway:InternetGateway": Names(type="AWS::EC2::InternetGateway"),
    "aws:ec2/eip:Eip": Names(type="AWS::EC2::EIP", renamed={"instance": "InstanceId"}),
    "aws:ec2/natGateway:NatGateway": Names(
        type="AWS::EC2::NatGateway",
        renamed={"privateIp": "PrivateIpAddress"},
        optional=frozenset({"availabilityZoneAddresses.allocationIds"}),
    ),
    "aws:ec2/routeTable:RouteTable": Names(type="AWS::EC2::RouteTable"),
    "aws:ec2/route:Route": Names(type="AWS::EC2::Route", renamed={"egressOnlyGatewayId": "EgressOnlyInternetGatewayId"}),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": Names(
        type="AWS::EC2::SubnetRouteTableAssociation",
        optional=frozenset({"subnetId"}),  # a gateway may be associated instead
    ),
    "aws:ec2/networkAcl:NetworkAcl": Names(type="AWS::EC2::NetworkAcl"),
    "aws:ec2/vpcEndpoint:VpcEndpoint": Names(type="AWS::EC2::VPCEndpoint"),
    "aws:ec2/flowLog:FlowLog": Names(
        type="AWS::EC2::FlowLog",
        renamed={"iamRoleArn": "DeliverLogsPermissionArn"},
        optional=frozenset(
            {"destinationOptions.fileFormat", "destinationOptions.hiveCompatiblePartitions", "destinationOptions.perHourPartition"}
        ),
    ),
    "aws:ec2/securityGroup:SecurityGroup": Names(
        type="AWS::EC2::SecurityGroup",
        renamed={
            "name": "GroupName",
            "description": "GroupDescription",
            "ingress": "SecurityGroupIngress",
            "ingress.protocol": "IpProtocol",
            "egress": "SecurityGroupEgress",
            "egress.protocol": "IpProtocol",
        },
        optional=frozenset({"description", "vpcId"}),
        further={
            "aws_ec2_securitygroup/all_to_and_from_ports": ("SecurityGroupIngress/*", "SecurityGroupEgress/*"),
        },
    ),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": Names(
        type="AWS::EC2::SecurityGroupIngress",
        renamed={
            "securityGroupId": "GroupId",
            "cidrIpv4": "CidrIp",
            "prefixListId": "SourcePrefixListId",
            "referencedSecurityGroupId": "SourceSecurityGroupId",
        },
        further={"aws_ec2_securitygroup/all_to_and_from_ports": ("",), "aws_ec2_securitygroup/protocols_and_port_ranges_include": ("",)},
    ),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": Names(
        type="AWS::EC2::SecurityGroupEgress",
        renamed={
            "securityGroupId": "GroupId",
            "cidrIpv4": "CidrIp",
            "prefixListId": "DestinationPrefixListId",
            "referencedSecurityGroupId": "DestinationSecurityGroupId",
        },
        further={"aws_ec2_securitygroup/all_to_and_from_ports": ("",), "aws_ec2_securitygroup/protocols_and_port_ranges_include": ("",)},
    ),
    "aws:ec2/launchTemplate:LaunchTemplate": Names(
        type="AWS::EC2::LaunchTemplate",
        under="LaunchTemplateData",
        renamed={
            "name": "/LaunchTemplateName",
            "description": "/VersionDescription",
            "networkInterfaces.securityGroups": "Groups",
            "vpcSecurityGroupIds": "SecurityGroupIds",
            "securityGroupNames": "SecurityGroups",
        },
        further={
            _INSTANCE_TYPES: ("InstanceType",),
            "aws_ec2_instance/blockdevicemappings": ("BlockDeviceMappings/*/Ebs",),
            "aws_ec2_instance/virtualname_ephemeral": ("BlockDeviceMappings/*",),
        },
    ),
}

_SECURITY = {
    "aws:cloudwatch/logGroup:LogGroup": Names(
        type="AWS::Logs::LogGroup",
        renamed={"name": "LogGroupName"},
        also={"retentionInDays": (0,)},  # the provider's way to say for ever
    ),
    "aws:cloudwatch/logDelivery:LogDelivery": Names(
        type="AWS::Logs::Delivery",
        renamed={
            "s3DeliveryConfigurations": "",
            "s3DeliveryConfigurations.enableHiveCompatiblePath": "S3EnableHiveCompatiblePath",
            "s3DeliveryConfigurations.suffixPath": "S3SuffixPath",
        },
    ),
    "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": Names(
        type="AWS::Logs::DeliveryDestination",
        renamed={
            "deliveryDestinationConfiguration": "",
            "deliveryDestinationConfiguration.destinationResourceArn": "DestinationResourceArn",
        },
        optional=frozenset({"name"}),
    ),
    "aws:cloudwatch/logDeliverySource:LogDeliverySource": Names(type="AWS::Logs::DeliverySource", optional=frozenset({"name"})),
    "aws:secretsmanager/secret:Secret": Names(type="AWS::SecretsManager::Secret", renamed={"replicas": "ReplicaRegions"}),
    "aws:kms/key:Key": Names(
        type="AWS::KMS::Key",
        renamed={"customerMasterKeySpec": "KeySpec", "deletionWindowInDays": "PendingWindowInDays", "isEnabled": "Enabled"},
    ),
    "aws:kms/alias:Alias": Names(type="AWS::KMS::Alias", renamed={"name": "AliasName"}, optional=frozenset({"name"})),
    "aws:iam/role:Role": Names(type="AWS::IAM::Role", renamed={"name": "RoleName"}),
    "aws:iam/rolePolicy:RolePolicy": Names(
        type="AWS::IAM::RolePolicy", renamed={"name": "PolicyName", "role": "RoleName"}, optional=frozenset({"name"})
    ),
    "aws:iam/policy:Policy": Names(type="AWS::IAM::ManagedPolicy", renamed={"name": "ManagedPolicyName"}),
    "aws:iam/instanceProfile:InstanceProfile": Names(
        type="AWS::IAM::InstanceProfile", renamed={"name": "InstanceProfileName"}, optional=frozenset({"role"})
    ),
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": Names(type="AWS::IAM::OIDCProvider"),
    "aws:acm/certificate:Certificate": Names(
        type="AWS::CertificateManager::Certificate",
        renamed={
            "options": "",
            "options.certificateTransparencyLoggingPreference": "CertificateTransparencyLoggingPreference",
            "options.export": "CertificateExport",
            "validationOptions": "DomainValidationOptions",
        },
        optional=frozenset({"domainName"}),  # an imported certificate has it inside
    ),
    "aws:wafv2/webAcl:WebAcl": Names(type="AWS::WAFv2::WebACL"),
    "aws:wafv2/webAclAssociation:WebAclAssociation": Names(type="AWS::WAFv2::WebACLAssociation"),
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": Names(type="AWS::WAFv2::LoggingConfiguration"),
}

_CLUSTER = {
    "aws:eks/cluster:Cluster": Names(
        type="AWS::EKS::Cluster",
        renamed={"vpcConfig": "ResourcesVpcConfig", "enabledClusterLogTypes": "Logging/ClusterLogging/EnabledTypes/*/Type"},
    ),
    "aws:eks/nodeGroup:NodeGroup": Names(
        type="AWS::EKS::Nodegroup",
        renamed={
            "forceUpdateVersion": "ForceUpdateEnabled",
            "nodeRoleArn": "NodeRole",
            "remoteAccess.sourceSecurityGroupIds": "SourceSecurityGroups",
            "subnetIds": "Subnets",
        },
        optional=frozenset({"remoteAccess.ec2SshKey"}),
        further={_INSTANCE_TYPES: ("InstanceTypes/*",)},
    ),
    "aws:eks/addon:Addon": Names(
        type="AWS::EKS::Addon",
        renamed={
            "preserve": "PreserveOnDelete",
            "resolveConflictsOnCreate": "ResolveConflicts",
            "resolveConflictsOnUpdate": "ResolveConflicts",
        },
    ),
    "aws:eks/accessEntry:AccessEntry": Names(type="AWS::EKS::AccessEntry"),
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": Names(
        type="AWS::EKS::AccessEntry",
        under="AccessPolicies/*",
        renamed={"clusterName": "/ClusterName", "principalArn": "/PrincipalArn"},
        owns=False,
    ),
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": Names(type="AWS::EKS::PodIdentityAssociation"),
}

_UPPER_CASE_ENGINE = {"engine": ("REDIS", "VALKEY")}

_DATABASES = {
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

_STORAGE = {
    "aws:s3/bucket:Bucket": Names(
        type="AWS::S3::Bucket",
        renamed={"bucket": "BucketName", "bucketPrefix": "BucketNamePrefix", "replicationConfiguration": None},
    ),
    "aws:s3/bucketPolicy:BucketPolicy": Names(type="AWS::S3::BucketPolicy"),
    "aws:s3/bucketVersioning:BucketVersioning": Names(
        type="AWS::S3::Bucket",
        also={"versioningConfiguration.status": ("Disabled",)},  # the provider's word for never enabled
        owns=False,
    ),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": Names(
        type="AWS::S3::Bucket", under="PublicAccessBlockConfiguration", owns=False
    ),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": Names(
        type="AWS::S3::Bucket", under="OwnershipControls", renamed={"rule": "Rules/*"}, owns=False
    ),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": Names(
        type="AWS::S3::Bucket",
        under="BucketEncryption",
        renamed={
            "rules": "ServerSideEncryptionConfiguration",
            "rules.applyServerSideEncryptionByDefault": "ServerSideEncryptionByDefault",
            "rules.blockedEncryptionTypes": "BlockedEncryptionTypes/EncryptionType",
        },
        owns=False,
    ),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": Names(
        type="AWS::S3::Bucket",
        under="LifecycleConfiguration",
        renamed={
            "rules.expiration": "",
            "rules.expiration.date": "ExpirationDate",
            "rules.expiration.days": "ExpirationInDays",
            "rules.expiration.expiredObjectDeleteMarker": "ExpiredObjectDeleteMarker",
            "rules.filter": "",
            "rules.filter.objectSizeGreaterThan": "ObjectSizeGreaterThan",
            "rules.filter.objectSizeLessThan": "ObjectSizeLessThan",
            "rules.filter.prefix": "Prefix",
            "rules.noncurrentVersionTransitions.noncurrentDays": "TransitionInDays",
            "rules.transitions.date": "TransitionDate",
            "rules.transitions.days": "TransitionInDays",
        },
        owns=False,
    ),
    "aws:s3/bucketLogging:BucketLogging": Names(
        type="AWS::S3::Bucket",
        under="LoggingConfiguration",
        renamed={"targetBucket": "DestinationBucketName", "targetPrefix": "LogFilePrefix"},
        owns=False,
    ),
    "aws:s3/bucketIntelligentTieringConfiguration:BucketIntelligentTieringConfiguration": Names(
        type="AWS::S3::Bucket",
        under="IntelligentTieringConfigurations/*",
        renamed={"name": "Id", "filter": "", "filter.prefix": "Prefix"},
        optional=frozenset({"name", "status"}),
        owns=False,
    ),
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": Names(
        type="AWS::S3::Bucket", under="ObjectLockConfiguration", owns=False
    ),
    "aws:efs/fileSystem:FileSystem": Names(
        type="AWS::EFS::FileSystem",
        renamed={"protection": "FileSystemProtection", "protection.replicationOverwrite": "ReplicationOverwriteProtection"},
    ),
    "aws:efs/backupPolicy:BackupPolicy": Names(type="AWS::EFS::FileSystem", owns=False),
    "aws:efs/mountTarget:MountTarget": Names(type="AWS::EFS::MountTarget", optional=frozenset({"securityGroups"})),
    "aws:efs/accessPoint:AccessPoint": Names(type="AWS::EFS::AccessPoint"),
}

_EDGE = {
    "aws:lb/loadBalancer:LoadBalancer": Names(
        type="AWS::ElasticLoadBalancingV2::LoadBalancer",
        renamed={"loadBalancerType": "Type"},
        further={"aws_elasticloadbalancingv2_loadbalancer/application_subnets": ("",)},
    ),
    "aws:lb/listener:Listener": Names(
        type="AWS::ElasticLoadBalancingV2::Listener",
        renamed={
            "certificateArn": "Certificates/*/CertificateArn",
            "defaultActions.authenticateCognito": "AuthenticateCognitoConfig",
            "defaultActions.authenticateOidc": "AuthenticateOidcConfig",
            "defaultActions.fixedResponse": "FixedResponseConfig",
            "defaultActions.forward": "ForwardConfig",
            "defaultActions.forward.stickiness": "TargetGroupStickinessConfig",
            "defaultActions.forward.stickiness.duration": "DurationSeconds",
            "defaultActions.forward.targetGroups.arn": "TargetGroupArn",
            "defaultActions.jwtValidation": "JwtValidationConfig",
            "defaultActions.redirect": "RedirectConfig",
        },
        further={"aws_elasticloadbalancingv2_listener/certificate": ("",)},
    ),
    "aws:lb/targetGroup:TargetGroup": Names(
        type="AWS::ElasticLoadBalancingV2::TargetGroup",
        renamed={
            "healthCheck": "",
            "healthCheck.enabled": "HealthCheckEnabled",
            "healthCheck.healthyThreshold": "HealthyThresholdCount",
            "healthCheck.interval": "HealthCheckIntervalSeconds",
            "healthCheck.matcher": "Matcher/HttpCode",
            "healthCheck.path": "HealthCheckPath",
            "healthCheck.port": "HealthCheckPort",
            "healthCheck.protocol": "HealthCheckProtocol",
            "healthCheck.timeout": "HealthCheckTimeoutSeconds",
            "healthCheck.unhealthyThreshold": "UnhealthyThresholdCount",
        },
        further={
            "aws_elasticloadbalancingv2_targetgroup/protocol_restrictions": ("",),
            "aws_elasticloadbalancingv2_targetgroup/targettype_restrictions": ("",),
        },
    ),
    "aws:route53/zone:Zone": Names(
        type="AWS::Route53::HostedZone",
        renamed={"comment": "HostedZoneConfig/Comment"},
        optional=frozenset({"vpcs.vpcRegion"}),
    ),
    "aws:route53/record:Record": Names(
        type="AWS::Route53::RecordSet",
        renamed={
            "aliases": "AliasTarget",
            "aliases.name": "DNSName",
            "aliases.zoneId": "HostedZoneId",
            "failoverRoutingPolicies": "",
            "failoverRoutingPolicies.type": "Failover",
            "latencyRoutingPolicies": "",
            "latencyRoutingPolicies.region": "Region",
            "records": "ResourceRecords",
            "weightedRoutingPolicies": "",
            "weightedRoutingPolicies.weight": "Weight",
            "zoneId": "HostedZoneId",
        },
        further={"aws_route53_recordset/recordset_alias": ("",), "aws_route53_recordset/recordset_pattern": ("",)},
        unless={"type": ("TXT", "SPF")},  # the provider adds the quotes that CloudFormation wants
    ),
    "aws:cloudfront/distribution:Distribution": Names(
        type="AWS::CloudFront::Distribution",
        under="DistributionConfig",
        renamed={
            "defaultCacheBehavior.lambdaFunctionAssociations.lambdaArn": "LambdaFunctionARN",
            "isIpv6Enabled": "IPV6Enabled",
            "loggingConfig": "Logging",
            "orderedCacheBehaviors": "CacheBehaviors",
            "orderedCacheBehaviors.lambdaFunctionAssociations.lambdaArn": "LambdaFunctionARN",
            "originGroups": "OriginGroups/Items",
            "originGroups.failoverCriteria.statusCodes": "StatusCodes/Items",
            "originGroups.members": "Members/Items",
            "originGroups.originId": "Id",
            "origins.customHeaders": "OriginCustomHeaders",
            "origins.customHeaders.name": "HeaderName",
            "origins.customHeaders.value": "HeaderValue",
            "origins.originId": "Id",
            "tags": "/Tags",
        },
        # The provider takes the flag as false beside another certificate.
        optional=frozenset({"viewerCertificate.cloudfrontDefaultCertificate"}),
        further={"aws_cloudfront_distribution/forward_enum": ("DefaultCacheBehavior", "CacheBehaviors/*")},
    ),
    "aws:cloudfront/originAccessControl:OriginAccessControl": Names(
        type="AWS::CloudFront::OriginAccessControl", under="OriginAccessControlConfig", optional=frozenset({"name"})
    ),
    "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": Names(
        type="AWS::CloudFront::ResponseHeadersPolicy", under="ResponseHeadersPolicyConfig", optional=frozenset({"name"})
    ),
    "aws:cloudfront/cachePolicy:CachePolicy": Names(
        type="AWS::CloudFront::CachePolicy",
        under="CachePolicyConfig",
        optional=frozenset({"defaultTtl", "maxTtl", "minTtl", "name", "parametersInCacheKeyAndForwardedToOrigin.enableAcceptEncodingGzip"}),
    ),
}

_ELSEWHERE = {
    "aws:route53/trafficPolicyInstance:TrafficPolicyInstance": Names(
        type="AWS::Route53::TrafficPolicyInstance",
        renamed={"name": None},  # the provider adds the final dot
        verified=False,
    ),
    "aws:ses/configurationSet:ConfigurationSet": Names(
        type="AWS::SES::ConfigurationSet",
        renamed={"deliveryOptions.tlsPolicy": None},  # the provider's API is version 1, whose words are Require and Optional
        verified=False,
    ),
}
"""Types that pair by name alone, but for a property that means something else."""

TABLE: Mapping[str, Names] = {**_NETWORK, **_SECURITY, **_CLUSTER, **_DATABASES, **_STORAGE, **_EDGE, **_ELSEWHERE}
