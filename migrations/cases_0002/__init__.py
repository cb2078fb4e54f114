"""What migration 0002 makes, by subject. Written once and never changed: a later migration changes tables."""
