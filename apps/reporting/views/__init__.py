"""Pages of the State's forms, registers and the incentive's ledger."""
