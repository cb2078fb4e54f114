"""The bid command, a module per group."""
