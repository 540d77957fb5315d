"""A network, what guards it, a store and a database: enough kinds to be killed in the middle of."""

import pulumi
from pulumi_aws.cloudwatch.log_group import LogGroup
from pulumi_aws.ec2.internet_gateway import InternetGateway
from pulumi_aws.ec2.route import Route
from pulumi_aws.ec2.route_table import RouteTable
from pulumi_aws.ec2.route_table_association import RouteTableAssociation
from pulumi_aws.ec2.security_group import SecurityGroup
from pulumi_aws.ec2.subnet import Subnet
from pulumi_aws.ec2.vpc import Vpc
from pulumi_aws.kms.key import Key
from pulumi_aws.rds.instance import Instance
from pulumi_aws.rds.subnet_group import SubnetGroup
from pulumi_aws.s3.bucket import Bucket
from pulumi_aws.s3.bucket_versioning import BucketVersioning
from pulumi_aws.vpc.security_group_ingress_rule import SecurityGroupIngressRule

config = pulumi.Config()
retention = config.get_int("retention") or 365
zones = config.get_int("zones") or 3

vpc = Vpc("network", cidr_block="10.9.0.0/16", enable_dns_hostnames=True, tags={"Name": "sample"})
gateway = InternetGateway("gateway", vpc_id=vpc.id)
table = RouteTable("public", vpc_id=vpc.id)
Route("public-internet", route_table_id=table.id, destination_cidr_block="0.0.0.0/0", gateway_id=gateway.id)
subnets = []
for number, letter in enumerate("abc"[:zones]):
    subnet = Subnet(f"subnet-{letter}", vpc_id=vpc.id, cidr_block=f"10.9.{number}.0/24", availability_zone=f"eu-west-1{letter}")
    RouteTableAssociation(f"subnet-{letter}", subnet_id=subnet.id, route_table_id=table.id)
    subnets.append(subnet)
group = SecurityGroup("database", vpc_id=vpc.id, description="PostgreSQL from the network")
SecurityGroupIngressRule(
    "database-network", security_group_id=group.id, cidr_ipv4=vpc.cidr_block, from_port=5432, to_port=5432, ip_protocol="tcp"
)
key = Key("key", description="sample", enable_key_rotation=True)
LogGroup("journal", name="/sample/journal", retention_in_days=retention)
for purpose in ("files", "backups", "logs"):
    bucket = Bucket(f"bucket-{purpose}", bucket=f"morefocus-sample-{purpose}")
    BucketVersioning(f"bucket-{purpose}", bucket=bucket.id, versioning_configuration={"status": "Enabled"})
place = SubnetGroup("database", name="sample", subnet_ids=[subnet.id for subnet in subnets])
Instance(
    "database",
    identifier="sample",
    engine="postgres",
    engine_version="17",
    instance_class="db.t4g.micro",
    allocated_storage=20,
    username="platform",
    manage_master_user_password=True,
    db_subnet_group_name=place.name,
    vpc_security_group_ids=[group.id],
    storage_encrypted=True,
    kms_key_id=key.arn,
    skip_final_snapshot=True,
)
pulumi.export("vpcId", vpc.id)
