"""The way from a gateway's message to a committed row, with the measuring posts beside it."""
