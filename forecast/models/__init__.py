"""One forecast model a file, each ending in one `MODEL`."""
