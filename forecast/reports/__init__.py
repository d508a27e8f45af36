"""Reports: facts as known on a date, one document of them, and the files that it becomes."""
