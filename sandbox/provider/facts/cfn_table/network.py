"""The network of a region."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sandbox.provider.facts.cfn_names import Names

_INSTANCE_TYPES = "aws_ec2_instance/instancetype_enum"

NETWORK: Final[Mapping[str, Names]] = {
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
