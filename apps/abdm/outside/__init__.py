"""Documents of other hospitals (NRCeS bundles, however odd) made into plain lines to read.

Nothing of a bundle is trusted: every field may be missing or of another kind, no address in it is
ever called, and no mark-up of it ever reaches a page. What cannot be understood is said, not left
out: a doctor must see that there was something.
"""
