"""Tests of the sitting planner."""
