"""History: what many sweeps found, in SQLite or PostgreSQL.

The evidence logs stay the record; all but the removals that people planned can be made again from them. What did not
change is not written again: a device has one `state` for all sweeps in which it was the same, and `span`s say which
sweeps those are (docs/store.md). SQLAlchemy writes; the reading of SQLite goes without it, for its start alone takes
longer than any answer.
"""
