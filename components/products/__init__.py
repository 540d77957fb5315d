"""What MoreFocus sells, composed from the bricks: automation, scheduling, and the tenants that use them."""
