"""Compositions: what one stack is made of, and what stacks tell each other."""
