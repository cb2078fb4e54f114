"""Who sits, quorum, conflicts, votes, determinations, minutes, appeal."""
