"""Calls to other systems when something happened: signed, tried again, never into our own net."""
