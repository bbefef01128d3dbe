"""A result with everything that it came from, in one file that anyone can recompute."""
