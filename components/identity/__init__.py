"""People, pipelines and their roles: who may do what in the account, and under which conditions."""
