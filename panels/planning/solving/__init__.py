"""Finding a plan: a first one quickly, then better ones, and proof of how good they are."""
