"""Reference documents, made from the code and checked against it."""
