"""The JSON API, version 1: the view models of the pages, and posting events."""
