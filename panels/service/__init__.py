"""What panels and their secretaries do, one function each."""
