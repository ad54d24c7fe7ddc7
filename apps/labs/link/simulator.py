"""An analyser that is not there: speaks ASTM or HL7 to a listener, for tests and figures.

The messages are written by us in the manner of common machines (a five-part cell counter, a
semi-automatic chemistry analyser); no machine and no patient stands behind them.
"""

import socket
from collections.abc import Mapping
from contextlib import suppress

from apps.labs.link.frames import ACK, CR, ENQ, EOT, FS, VT, astm_frames

ANSWER_S = 30.0


Said = Mapping[str, tuple[str, str]]


def astm(accession: str, values: Said, *, machine: str = "CELL-5") -> bytes:
    """A result message: {name on the machine: (value, unit)}."""
    rows = [
        f"H|\\^&|||{machine}^1.2|||||||P|LIS2-A2|20261125101500",
        "P|1",
        f"O|1|{accession}||^^^ALL|R|||||||||||||||||||||F",
    ]
    rows += [
        f"R|{n}|^^^{name}^1|{value}|{unit}||N||F||||20261125101400"
        for n, (name, (value, unit)) in enumerate(values.items(), 1)
    ]
    rows.append("L|1|N")
    return "\r".join(rows).encode("latin-1") + CR


def oru(accession: str, values: Said, *, control: str = "1") -> bytes:
    """The same as HL7 v2.3.1 ORU^R01, with a histogram that nobody wants to read."""
    rows = [
        f"MSH|^~\\&|CHEM|LAB|||20261125101500||ORU^R01|{control}|P|2.3.1||||||ASCII",
        "PID|1",
        f"OBR|1||{accession}|00001^Automated^99X|||20261125101400",
    ]
    rows += [
        f"OBX|{n}|NM|{n}^{name}^99X||{value}|{unit}|||||F"
        for n, (name, (value, unit)) in enumerate(values.items(), 1)
    ]
    rows.append("OBX|99|ED|15000^Histogram^99X||^Image^BMP^Base64^Qk0=||||||F")
    return "\r".join(rows).encode("latin-1") + CR


class Machine:
    """One connection to a listener's port."""

    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        self.socket = socket.create_connection((host, port), timeout=ANSWER_S)

    def close(self) -> None:
        with suppress(OSError):
            self.socket.close()

    def put(self, data: bytes) -> None:
        self.socket.sendall(data)

    def answer(self, size: int = 1) -> bytes:
        """b"" when the line broke."""
        try:
            return self.socket.recv(size)
        except OSError:
            return b""

    def say(self, message: bytes) -> bool:
        """Send one ASTM message; True when its last frame was acknowledged."""
        try:
            self.put(ENQ)
            if self.answer() != ACK:
                return False
            for frame in astm_frames(message):
                self.put(frame)
                if self.answer() != ACK:
                    return False
            self.put(EOT)
        except OSError:
            return False
        return True

    def say_hl7(self, message: bytes) -> str:
        """Send one HL7 message; the code of the acknowledgement, "" when none came."""
        try:
            self.put(VT + message + FS + CR)
        except OSError:
            return ""
        text = b""
        while FS not in text:
            part = self.answer(4096)
            if not part:
                return ""
            text += part
        return text.split(b"MSA|", 1)[-1][:2].decode()
