"""What the API answers with, described for those who build on it."""
