"""EC2: networks, their firewalls and gateways, launch templates, disk encryption. One module a family."""
