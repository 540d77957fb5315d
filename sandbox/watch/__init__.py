"""What a person sees while the sandbox works: a live tree on a terminal, plain lines elsewhere, tables at the end."""
