"""Entries to standings: nested limits, ranks and ties, multipliers, vetoes, months to year."""
