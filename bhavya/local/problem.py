"""The one exception of this package, and how a tool's log becomes a sentence."""

from pathlib import Path

# What apt, pip, npm and PostgreSQL write when something plain is wrong. First match wins.
CAUSES = (
    (("No space left on device", "ENOSPC", "You don't have enough free space"), "the disk is full"),
    (
        (
            "Temporary failure resolving",
            "Temporary failure in name resolution",
            "Could not resolve",
            "Name or service not known",
            "ENOTFOUND",
            "EAI_AGAIN",
            "ECONNREFUSED",
            "ETIMEDOUT",
            "Network is unreachable",
            "Could not connect to",
            "Connection timed out",
            "Failed to establish a new connection",
        ),
        "the package server cannot be reached",
    ),
    (
        ("CERTIFICATE_VERIFY_FAILED", "SELF_SIGNED_CERT", "certificate verify failed"),
        "the package server's certificate is not trusted here",
    ),
    (
        ("DO NOT MATCH THE HASHES", "EINTEGRITY", "Hash Sum mismatch"),
        "a downloaded package is not the one that was locked",
    ),
    (
        ("Could not get lock", "Unable to acquire the dpkg frontend lock"),
        "another program is installing Debian packages right now",
    ),
    (
        ("Unable to locate package", "has no installation candidate"),
        "Debian's package list does not have it",
    ),
    (
        ("dpkg was interrupted",),
        "an earlier installation was interrupted; run `dpkg --configure -a` first",
    ),
    (("Permission denied", "EACCES"), "a file or folder may not be written"),
)


class Problem(Exception):
    """Something the person at the keyboard can act on: one sentence, and the log that has the
    details."""

    def __init__(self, sentence: str, log: Path | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.log = log

    def __str__(self) -> str:
        return f"{self.sentence} (details: {self.log})" if self.log else self.sentence


def cause(text: str) -> str:
    """The plain reason found in a tool's output, or an empty string."""
    for signs, reason in CAUSES:
        if any(sign in text for sign in signs):
            return reason
    return ""
