"""Rows about cases; words and identities are sealed."""
