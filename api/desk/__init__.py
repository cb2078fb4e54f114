"""What the pages of people with accounts are made of: who is here, words, forms that lose nothing."""
