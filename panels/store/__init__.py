"""Every query about panels."""
