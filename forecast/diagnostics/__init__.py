"""What statsmodels tells of a history: an extra (`loadstone[diagnostics]`), loaded on asking."""
