"""DynamoDB: tables, their replicas in other regions, and what is set on them apart."""
