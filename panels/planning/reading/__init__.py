"""Documents of the planner: an instance and a plan, read strictly and refused with the place and the reason."""
