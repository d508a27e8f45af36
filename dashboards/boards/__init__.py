"""The boards: one a file, found by itself."""
