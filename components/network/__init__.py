"""One region's network: subnets, ways out, endpoints, filters and flow logs (NET-1, NET-5, NET-9)."""
