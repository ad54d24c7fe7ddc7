"""Pages of the laboratory, of imaging, and what a doctor sees of them."""
