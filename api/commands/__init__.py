"""The terminal commands, a module each; their bodies import what they need when they run."""
