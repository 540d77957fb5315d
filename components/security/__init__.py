"""Keys and account-wide encryption settings of one region (SEC-4, DAT-8)."""
