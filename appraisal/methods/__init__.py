"""How much a clause gives or takes: one scoring family a file, listed in the catalogue."""
