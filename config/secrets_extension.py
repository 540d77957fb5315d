"""The layer by which functions read secrets: AWS's Parameters and Secrets extension for arm64, in each region (API-6, SCH-8).

AWS publishes a version of its own for each region. Versions are pinned here, so that a function changes when this table does.
"""

from collections.abc import Mapping

from config.vocabulary import Region

LAYER = "AWS-Parameters-and-Secrets-Lambda-Extension-Arm64"
VERSIONS: Mapping[Region, tuple[str, int]] = {
    Region.AF_SOUTH_1: ("317013901791", 97),
    Region.AP_EAST_1: ("768336418462", 94),
    Region.AP_EAST_2: ("890742577149", 65),
    Region.AP_NORTHEAST_1: ("133490724326", 100),
    Region.AP_NORTHEAST_2: ("738900069198", 96),
    Region.AP_NORTHEAST_3: ("576959938190", 91),
    Region.AP_SOUTH_1: ("176022468876", 95),
    Region.AP_SOUTH_2: ("070087711984", 83),
    Region.AP_SOUTHEAST_1: ("044395824272", 101),
    Region.AP_SOUTHEAST_2: ("665172237481", 105),
    Region.AP_SOUTHEAST_3: ("490737872127", 91),
    Region.AP_SOUTHEAST_4: ("090732460067", 83),
    Region.AP_SOUTHEAST_5: ("381492012281", 83),
    Region.AP_SOUTHEAST_6: ("995508174458", 76),
    Region.AP_SOUTHEAST_7: ("941377119484", 83),
    Region.CA_CENTRAL_1: ("200266452380", 104),
    Region.CA_WEST_1: ("243964427225", 70),
    Region.EU_CENTRAL_1: ("187925254637", 101),
    Region.EU_CENTRAL_2: ("772501565639", 70),
    Region.EU_NORTH_1: ("427196147048", 92),
    Region.EU_SOUTH_1: ("325218067255", 92),
    Region.EU_SOUTH_2: ("524103009944", 82),
    Region.EU_WEST_1: ("015030872274", 101),
    Region.EU_WEST_2: ("133256977650", 99),
    Region.EU_WEST_3: ("780235371811", 95),
    Region.IL_CENTRAL_1: ("148806536434", 70),
    Region.ME_CENTRAL_1: ("858974508948", 49),
    Region.ME_SOUTH_1: ("832021897121", 55),
    Region.MX_CENTRAL_1: ("241533131596", 67),
    Region.SA_EAST_1: ("933737806257", 100),
    Region.US_EAST_1: ("177933569100", 99),
    Region.US_EAST_2: ("590474943231", 109),
    Region.US_WEST_1: ("997803712105", 93),
    Region.US_WEST_2: ("345057560386", 99),
}
"""Account and version of each region, as AWS's table of 2026-07-28 had them, looked up on 2026-11-22.

The newest: `aws ssm get-parameter --name /aws/service/aws-parameters-and-secrets-lambda-extension/arm64/latest --region <region>`.
Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/ps-integration-lambda-extensions.html
"""


def layer_arn(region: Region) -> str:
    """Return the ARN of the layer in a region."""
    account, version = VERSIONS[region]
    return f"arn:aws:lambda:{region}:{account}:layer:{LAYER}:{version}"
