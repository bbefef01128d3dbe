"""The one door for callers: adopt, record, counter, assess."""
