"""Messages become rows, once."""
