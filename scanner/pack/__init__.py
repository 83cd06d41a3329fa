"""Evidence packs: one file that holds a run, what judged it, and what proves that neither was changed."""
