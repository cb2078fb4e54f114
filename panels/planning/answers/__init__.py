"""What the panel's secretary asks about a plan, answered in codes, facts and words."""
