"""What pages for recipients without an installation stand on: their door, words, forms and files."""
