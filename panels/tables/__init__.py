"""Rows about panels."""
