"""HTTP over the house: the API and the pages."""
