"""What migration 0003 makes, by subject. Written once and never changed: a later migration changes tables."""
