"""One Sheet before it has a format, and a writer for each format."""
