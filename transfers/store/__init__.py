"""Every query about transfers."""
