"""Instances of the sitting planner, made from a seed: eight kinds, at their own or any other size."""
