"""View models: what a page shows, frozen; templates and the JSON API read the same."""
