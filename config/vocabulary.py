"""The words every layer shares: regions, laws, data classes, environments, tiers and tag keys.

Anything may import this module; it imports nothing but the standard library.
"""

from enum import StrEnum

_COMPASS = {
    "north": "n",
    "south": "s",
    "east": "e",
    "west": "w",
    "central": "c",
    "northeast": "ne",
    "northwest": "nw",
    "southeast": "se",
    "southwest": "sw",
}


class Region(StrEnum):
    """An AWS region of the commercial partition, so that a new one needs a config file and no code (REG-4).

    Source: botocore's `endpoints.json`, partition `aws`; a test compares.
    """

    AF_SOUTH_1 = "af-south-1"
    AP_EAST_1 = "ap-east-1"
    AP_EAST_2 = "ap-east-2"
    AP_NORTHEAST_1 = "ap-northeast-1"
    AP_NORTHEAST_2 = "ap-northeast-2"
    AP_NORTHEAST_3 = "ap-northeast-3"
    AP_SOUTH_1 = "ap-south-1"
    AP_SOUTH_2 = "ap-south-2"
    AP_SOUTHEAST_1 = "ap-southeast-1"
    AP_SOUTHEAST_2 = "ap-southeast-2"
    AP_SOUTHEAST_3 = "ap-southeast-3"
    AP_SOUTHEAST_4 = "ap-southeast-4"
    AP_SOUTHEAST_5 = "ap-southeast-5"
    AP_SOUTHEAST_6 = "ap-southeast-6"
    AP_SOUTHEAST_7 = "ap-southeast-7"
    CA_CENTRAL_1 = "ca-central-1"
    CA_WEST_1 = "ca-west-1"
    EU_CENTRAL_1 = "eu-central-1"
    EU_CENTRAL_2 = "eu-central-2"
    EU_NORTH_1 = "eu-north-1"
    EU_SOUTH_1 = "eu-south-1"
    EU_SOUTH_2 = "eu-south-2"
    EU_WEST_1 = "eu-west-1"
    EU_WEST_2 = "eu-west-2"
    EU_WEST_3 = "eu-west-3"
    IL_CENTRAL_1 = "il-central-1"
    ME_CENTRAL_1 = "me-central-1"
    ME_SOUTH_1 = "me-south-1"
    MX_CENTRAL_1 = "mx-central-1"
    SA_EAST_1 = "sa-east-1"
    US_EAST_1 = "us-east-1"
    US_EAST_2 = "us-east-2"
    US_WEST_1 = "us-west-1"
    US_WEST_2 = "us-west-2"

    @property
    def code(self) -> str:
        """Short form for physical names: `us-east-1` is `use1`, `ap-southeast-2` is `apse2`."""
        area, compass, number = self.value.split("-")
        return f"{area}{_COMPASS[compass]}{number}"


class Market(StrEnum):
    """A country or union whose customers a region serves (REG-1 to REG-3)."""

    US = "US"
    CA = "CA"
    EU = "EU"
    BR = "BR"
    AR = "AR"


class Law(StrEnum):
    """The data protection law that binds the persons whose data a region holds."""

    NONE = "none"
    GDPR = "gdpr"
    LGPD = "lgpd"


class DataClass(StrEnum):
    """What a store holds, which decides its key and where it may be copied (SEC-4, D1)."""

    PERSONAL = "personal"
    CREDENTIALS = "credentials"
    OPERATIONAL = "operational"
    LOGS = "logs"
    PUBLIC = "public"

    @property
    def is_backed_up(self) -> bool:
        """Whether a store of this class needs a backup (BDR-1): logs are kept by their bucket, and public data is built anew."""
        return self in (DataClass.PERSONAL, DataClass.CREDENTIALS, DataClass.OPERATIONAL)


class Backup(StrEnum):
    """What backs a store up, as the value of its tag `backup`, by which the backup plan of its region selects (BDR-1)."""

    SIX_HOURLY = "six-hourly"
    """The region's plan: every six hours and continuously, with copies in other regions."""
    NONE = "none"
    """Nothing, on purpose: `backup.exempt` says why, or the store is itself a copy."""


class Environment(StrEnum):
    """A separate copy of the platform (REG-5)."""

    PRODUCTION = "production"
    STAGING = "staging"

    @property
    def short(self) -> str:
        """Short form for physical names."""
        return {Environment.PRODUCTION: "prod", Environment.STAGING: "stg"}[self]


class Tier(StrEnum):
    """What a tenant pays for (DAT-3)."""

    STARTER = "starter"
    PROFESSIONAL = "professional"
    ENTERPRISE = "enterprise"


class TagKey(StrEnum):
    """The closed set of tag keys; a policy refuses any other."""

    NAME = "Name"
    OWNER = "owner"
    ENVIRONMENT = "environment"
    REGION = "region"
    COMPONENT = "component"
    DATA_CLASS = "data-class"
    JURISDICTION = "jurisdiction"
    COST_CENTRE = "cost-centre"
    TENANT = "tenant"
    MANAGED_BY = "managed-by"
    BACKUP = "backup"


LOG_RETENTION_DAYS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)
"""How long CloudWatch Logs can keep events.

Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
"""
