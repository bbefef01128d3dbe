"""What property tests draw: rulebooks, and events that are valid for them."""
