"""Alembic's folder: `env.py` is run by it, `versions/` holds a file a revision, `v` and its number first."""
