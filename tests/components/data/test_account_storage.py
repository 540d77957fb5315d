from components.data.account_storage import AccountStorage
from tests.kit.contexts import ACCOUNT, a_context
from tests.kit.recorder import record


def test_no_bucket_of_the_account_can_be_made_public() -> None:
    block = record(lambda: AccountStorage("account", a_context())).one("aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock").inputs
    assert block == {
        "accountId": ACCOUNT,
        "blockPublicAcls": True,
        "blockPublicPolicy": True,
        "ignorePublicAcls": True,
        "restrictPublicBuckets": True,
    }
