"""Movement of a child or a file to another country."""
