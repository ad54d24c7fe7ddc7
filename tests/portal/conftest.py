"""The visit and the paper of tests/documents, for patients' pages."""

from tests.documents.conftest import media, paper, visit  # noqa: F401
