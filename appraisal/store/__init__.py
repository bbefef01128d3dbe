"""The append-only event log in SQL and its mapping to the model."""
