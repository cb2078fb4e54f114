"""The panel's papers as they are printed: what each says, from the record; how it looks is in templates/papers."""
