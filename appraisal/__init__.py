"""From a published appraisal document and an event log to explained standings."""
