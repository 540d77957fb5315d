"""What AWS, its SDKs and its CloudFormation schemas say about resources and requests, read offline."""
