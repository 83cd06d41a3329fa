"""The only door to the network: scope, rates, caps and the ledger live here, and every packet passes."""
