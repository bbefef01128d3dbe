"""From files to the model, every fault with its place: rulebooks (YAML) and event tables (CSV, JSONL, XLSX)."""
