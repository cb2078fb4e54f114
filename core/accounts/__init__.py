"""Who may sign in and as what: persons, accounts, sessions, machine tokens and grants of roles.

A person may hold several accounts; separation of duties always compares persons. Nothing here knows a child,
a panel or a transfer. Source: DOM-2.1, DOM-2.3, EXP-10.1.
"""
