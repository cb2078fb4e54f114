"""What the law of a case says, as values and pure functions. No I/O."""
