"""The nouns of the product as frozen values: exact points, periods, rulebooks, events, entries; no I/O."""
