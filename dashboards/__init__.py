"""Boards for Grafana: built here, kept as JSON beside, and put into Grafana by one command."""
