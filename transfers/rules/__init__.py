"""What must be true before a child moves abroad. No I/O."""
