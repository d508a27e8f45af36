"""Where temperatures come from: one file a source, all with what was known when."""
