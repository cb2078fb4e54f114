"""The design kit of the pages: fetched and trimmed at set-up, never kept in the repository."""
