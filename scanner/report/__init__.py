"""Renderers: pure functions `Inventory -> str | bytes`, one file a format. None prints, none looks at a terminal."""
