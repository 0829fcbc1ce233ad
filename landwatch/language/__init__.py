"""The words of the field: the ledger's columns, enumerations, and one catalogue in zh and en."""
