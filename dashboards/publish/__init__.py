"""Puts boards into Grafana: an organisation, a data source and a login for each customer."""
