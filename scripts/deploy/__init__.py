"""How a change reaches AWS: previews and plans, deployments that keep to their plan, bake times, drift (DEL-1)."""
