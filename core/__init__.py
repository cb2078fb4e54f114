"""Settings, database, vault, audit, outbox, clock, accounts, country packs. Knows no child, panel or transfer."""
