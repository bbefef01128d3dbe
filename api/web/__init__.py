"""The web application: pages for people, and the JSON API beside them."""
