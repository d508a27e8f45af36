"""Tables to take away: what they hold, and the files in which they are written."""
