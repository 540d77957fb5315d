"""Guards of spending: budgets, anomaly monitors and cost-allocation tags."""
