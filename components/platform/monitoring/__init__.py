"""What watches a cluster and all that runs in it: metrics, rules, alerts, dashboards, and watchers from outside."""
