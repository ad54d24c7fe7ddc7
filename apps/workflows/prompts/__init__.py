"""Prompt cards: decision support that appears by itself. Advisory, never blocking."""
