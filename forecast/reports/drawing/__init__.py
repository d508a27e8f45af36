"""Charts as SVG, drawn by ourselves: vectors, text that can be searched, legible without colour."""
