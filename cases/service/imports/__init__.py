"""Taking in lists of cases from other systems and from spreadsheets."""
