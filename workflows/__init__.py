"""Prefect flows that carry the procedure: they schedule and retry, they decide nothing."""
