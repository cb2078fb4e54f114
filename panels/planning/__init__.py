"""The sitting planner: which panel sits when, who attends, which case is heard. Does no I/O; docs/planning.md."""
