"""Rows about transfers."""
