"""From a document to files: HTML, PDF, XLSX."""
