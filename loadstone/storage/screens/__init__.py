"""What the pages ask the database: a few queries a page, whole rows of meaning."""
