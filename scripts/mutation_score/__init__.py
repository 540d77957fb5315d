"""How well controls are tried: changes of the estate that they see and let pass, and changes of themselves that the former tell."""
