"""Whether a plan keeps every hard rule, judged from the two documents alone; shares no code with the planner."""
