"""The doors: the console script, and later the web."""
