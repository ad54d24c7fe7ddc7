"""People at work while their database suffers: `python -m tests.drills.people_at_work FOLDER`.

Registers patients through the web for as long as FOLDER/go is there, one line of JSON for each
answer. The same form is sent again until it is taken, as the browser does.
"""

import json
import sys
import time
from importlib import import_module
from pathlib import Path
from uuid import uuid4

import django
from django import db

TAKEN = (200, 302)


def form():
    return {
        "patient_id": uuid4(), "visit_id": uuid4(), "name_hi": "आशा", "age": "34",
        "sex": "female", "department": "MED",
    }  # fmt: skip


def main(folder):
    django.setup()
    client = import_module("tests.cast").Cast().ravi.client()
    client.raise_request_exception = False
    told = form()
    while (folder / "go").exists():
        db.close_old_connections()  # as a server does between requests; the test's client does not
        answer = client.post("/reg/", told)
        body = answer.content.decode()
        row = {
            "status": answer.status_code, "id": str(told["patient_id"]),
            "again": answer.headers.get("Retry-After"),
            "hi": "डिस्क" in body or "डेटाबेस" in body,
            "en": "disk of the server is full" in body or "database does not answer" in body,
        }  # fmt: skip
        sys.stdout.write(json.dumps(row) + "\n")
        sys.stdout.flush()
        if answer.status_code in TAKEN:
            told = form()
        else:
            time.sleep(0.2)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
