"""What is true of an instance whatever is planned: who is free, who may vote, what closes a slot to a case."""
