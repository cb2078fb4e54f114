"""Panel law as values and pure functions. No I/O."""
