"""What secretariats do with a transfer, one function each."""
