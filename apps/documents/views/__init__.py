"""Pages of papers: reading them, adding old ones, changing the words on them."""
