"""Who may do what: `table.csv`, written by hand from ledger 3.3 and 3.5 and users.md; every cell of it is tried."""
