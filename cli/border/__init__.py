"""Two countries that trust each other: children of the province who go abroad, and children who come home."""
