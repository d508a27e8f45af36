"""What a measure saved, and how sure that is: arithmetic on arrays, no database, no clock."""
