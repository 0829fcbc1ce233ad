"""The rule language: small, typed, three-valued, exact.

A subset of Python's expression syntax, read by `ast` and never run: `tree` reads the text, `check`
gives every node a type and a unit, `rowwise` answers for one contract with the value of every
sub-expression, `columnwise` prints the very same tree as DuckDB SQL for a million contracts.
"""
