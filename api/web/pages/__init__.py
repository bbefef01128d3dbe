"""The pages: one module a place, each a router."""
