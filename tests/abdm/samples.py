"""Messages as the integrators' dossier shows them (synthetic: ABHA 91-0000-0000-…, mobiles that are
placeholders), carried here so that our tests run anywhere. See docs/abdm.md for the sources."""

import json
from pathlib import Path

IDENTITY = json.loads(Path(__file__).with_name("samples_identity.json").read_text("utf-8"))
