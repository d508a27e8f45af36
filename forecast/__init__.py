"""Load forecasts: pure numbers in and out; storage, schedules and pages live elsewhere."""
