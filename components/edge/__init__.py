"""What the internet meets first: DNS, certificates, the CDN, the web ACL and the load balancer."""
