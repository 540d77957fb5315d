"""What the estate costs a month, from its resource graph, tables of prices and assumptions of usage (CST-1 to CST-3, SCH-11)."""
