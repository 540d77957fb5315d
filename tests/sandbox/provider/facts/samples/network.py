"""The network of a region."""

from __future__ import annotations

from typing import Any, Final

from tests.sandbox.provider.facts.samples.names import BUCKET, GROUP, KEY, POLICY, SUBNETS, TAGS, VPC

_RULE = {"ruleNo": 100, "action": "allow", "protocol": "tcp", "fromPort": 443, "toPort": 443, "cidrBlock": "0.0.0.0/0"}
NETWORK: Final[dict[str, dict[str, Any]]] = {
    "aws:ec2/vpc:Vpc": {"cidrBlock": "10.16.0.0/16", "enableDnsHostnames": True, "instanceTenancy": "default", "tags": TAGS},
    "aws:ec2/subnet:Subnet": {
        "vpcId": VPC,
        "cidrBlock": "10.16.0.0/20",
        "availabilityZone": "eu-west-1a",
        "mapPublicIpOnLaunch": False,
        "tags": TAGS,
    },
    "aws:ec2/internetGateway:InternetGateway": {"vpcId": VPC, "tags": TAGS},
    "aws:ec2/eip:Eip": {"domain": "vpc", "tags": TAGS},
    "aws:ec2/natGateway:NatGateway": {"subnetId": SUBNETS[0], "allocationId": "eipalloc-0123456789abcdef0", "connectivityType": "public"},
    "aws:ec2/routeTable:RouteTable": {"vpcId": VPC, "tags": TAGS},
    "aws:ec2/route:Route": {
        "routeTableId": "rtb-0123456789abcdef0",
        "destinationCidrBlock": "0.0.0.0/0",
        "natGatewayId": "nat-0123456789abcdef0",
    },
    "aws:ec2/routeTableAssociation:RouteTableAssociation": {"subnetId": SUBNETS[0], "routeTableId": "rtb-0123456789abcdef0"},
    "aws:ec2/networkAcl:NetworkAcl": {"vpcId": VPC, "subnetIds": SUBNETS, "ingress": [_RULE], "egress": [_RULE]},
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {"vpcId": VPC, "ingress": [], "egress": []},
    "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl": {"defaultNetworkAclId": "acl-0123456789abcdef0", "ingress": [_RULE]},
    "aws:ec2/defaultRouteTable:DefaultRouteTable": {"defaultRouteTableId": "rtb-0123456789abcdef0", "routes": []},
    "aws:ec2/vpcEndpoint:VpcEndpoint": {
        "vpcId": VPC,
        "serviceName": "com.amazonaws.eu-west-1.ecr.api",
        "vpcEndpointType": "Interface",
        "subnetIds": SUBNETS,
        "securityGroupIds": [GROUP],
        "privateDnsEnabled": True,
        "policy": POLICY,
    },
    "aws:ec2/flowLog:FlowLog": {
        "vpcId": VPC,
        "trafficType": "ALL",
        "logDestination": f"arn:aws:s3:::{BUCKET}/flow",
        "logDestinationType": "s3",
        "destinationOptions": {"fileFormat": "parquet", "perHourPartition": True},
        "maxAggregationInterval": 60,
    },
    "aws:ec2/securityGroup:SecurityGroup": {
        "name": "morefocus-prod-euw1-database",
        "description": "PostgreSQL from the nodes",
        "vpcId": VPC,
        "tags": TAGS,
    },
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {
        "securityGroupId": GROUP,
        "referencedSecurityGroupId": "sg-0123456789abcdef1",
        "ipProtocol": "tcp",
        "fromPort": 5432,
        "toPort": 5432,
    },
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": {"securityGroupId": GROUP, "cidrIpv4": "0.0.0.0/0", "ipProtocol": "-1"},
    "aws:ec2/launchTemplate:LaunchTemplate": {
        "name": "morefocus-prod-euw1-standard",
        "updateDefaultVersion": True,
        "blockDeviceMappings": [
            {"deviceName": "/dev/xvda", "ebs": {"volumeSize": 100, "volumeType": "gp3", "encrypted": "true", "kmsKeyId": KEY}}
        ],
        "metadataOptions": {"httpEndpoint": "enabled", "httpTokens": "required", "httpPutResponseHopLimit": 1},
        "monitoring": {"enabled": True},
        "tagSpecifications": [{"resourceType": "instance", "tags": TAGS}],
    },
    "aws:ebs/encryptionByDefault:EncryptionByDefault": {"enabled": True},
    "aws:ebs/defaultKmsKey:DefaultKmsKey": {"keyArn": KEY},
}
