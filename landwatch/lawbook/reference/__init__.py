"""The reference pages, written from what decides: policies, facts, functions, grammar.

Nothing here decides anything. `pages` returns every page of `docs/` that is made (or has parts that
are), `make docs` writes them, and a test holds the kept files equal to what is made.
"""
