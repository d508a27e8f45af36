"""The rules, one a file; the finder takes them in the order that each states."""
