"""Pages of the medicine counter, the store, indents and registers."""
