"""How a store came to its present tables, step by step (Alembic)."""
