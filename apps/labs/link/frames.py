"""The two ways in which analysers wrap a message, byte by byte, without network or database.

ASTM E1381 / LIS1-A: ENQ, then frames STX n text ETX|ETB checksum CR LF, then EOT. A frame is
answered ACK or NAK. MLLP: VT text FS CR.
"""

from dataclasses import dataclass, field

from astm.codec import make_checksum

STX, ETX, EOT, ENQ, ACK, NAK, ETB = b"\x02", b"\x03", b"\x04", b"\x05", b"\x06", b"\x15", b"\x17"
VT, FS, CR, LF = b"\x0b", b"\x1c", b"\r", b"\n"
BIGGEST = 512 * 1024


@dataclass
class Step:
    """What to do now. `message`: a whole one, to be kept before `answer` is sent; `half`: what was
    there when the sender broke off."""

    answer: bytes = b""
    message: bytes = b""
    half: bytes = b""


@dataclass
class Astm:
    """One ASTM connection. Feed it bytes; each step names the answer."""

    buffer: bytes = b""
    text: bytes = b""
    expected: int = 1
    open: bool = False
    bad: int = 0
    seen: list[int] = field(default_factory=list)

    def feed(self, data: bytes) -> list[Step]:
        self.buffer += data
        steps: list[Step] = []
        while self.buffer:
            step, used = self._next()
            if not used:
                break
            self.buffer = self.buffer[used:]
            if step is not None:
                steps.append(step)
        if len(self.buffer) > BIGGEST:
            self.buffer = b""
            steps.append(Step(NAK))
        return steps

    def _next(self) -> tuple[Step | None, int]:
        """The step of what stands first in the buffer, and how many bytes it took; 0: wait."""
        first = self.buffer[:1]
        if first == ENQ:
            half, self.open, self.text, self.expected = self.text, True, b"", 1
            return Step(ACK, half=half), 1
        if first == EOT:
            half, self.open, self.text = self.text, False, b""
            return Step(half=half) if half else None, 1
        if first != STX:
            self.bad += 1
            return None, 1  # noise on the line
        return self._frame()

    def _frame(self) -> tuple[Step | None, int]:
        ends = [at for at in (self.buffer.find(ETX), self.buffer.find(ETB)) if at > 0]
        if not ends:
            return None, 0
        end = min(ends)
        whole = end + 3
        if len(self.buffer) < whole:
            return None, 0
        while self.buffer[whole : whole + 1] in (CR, LF):
            whole += 1
        body, told = self.buffer[1 : end + 1], self.buffer[end + 1 : end + 3]
        if not self.open or make_checksum(body) != told.upper() or not body[:1].isdigit():
            return Step(NAK), whole
        return self._taken(int(body[:1]), body[1:-1]), whole

    def _taken(self, number: int, text: bytes) -> Step:
        if number == (self.expected - 1) % 8 and self.text:
            return Step(ACK)  # our ACK was lost: the same frame again
        if number != self.expected % 8:
            return Step(NAK)
        self.expected += 1
        self.text += text
        if self._ends_message():
            message, self.text = self.text, b""
            return Step(ACK, message=message)
        return Step(ACK)

    def _ends_message(self) -> bool:
        """A terminator record closes the message: it is kept before this frame is acknowledged."""
        last = self.text.rstrip(b"\r").rsplit(b"\r", 1)[-1]
        return last[:2] == b"L|" or last == b"L"

    def lost(self) -> bytes:
        """What was there when the line broke."""
        half, self.text, self.buffer = self.text + self.buffer, b"", b""
        return half.strip(b"\r\n\x00")


@dataclass
class Mllp:
    """One HL7 connection."""

    buffer: bytes = b""

    def feed(self, data: bytes) -> list[Step]:
        self.buffer += data
        steps: list[Step] = []
        while True:
            start, end = self.buffer.find(VT), self.buffer.find(FS)
            if start < 0:
                self.buffer = b"" if len(self.buffer) > BIGGEST else self.buffer
                return steps
            if end < 0:
                if len(self.buffer) > BIGGEST:
                    steps.append(Step(half=self.buffer[start + 1 :]))
                    self.buffer = b""
                return steps
            if end > start:
                steps.append(Step(message=self.buffer[start + 1 : end]))
            self.buffer = self.buffer[end + 1 :].lstrip(b"\r\n")

    def lost(self) -> bytes:
        half, self.buffer = self.buffer.lstrip(VT), b""
        return half.strip(b"\r\n\x00")


def astm_frames(message: bytes, *, size: int = 240) -> list[bytes]:
    """A message as frames, for the simulator: each record its own frame, long ones in pieces."""
    frames, number = [], 1
    for record in message.split(CR):
        if not record:
            continue
        whole = record + CR
        pieces = [whole[at : at + size] for at in range(0, len(whole), size)]
        for n, piece in enumerate(pieces):
            end = ETX if n == len(pieces) - 1 else ETB
            body = str(number % 8).encode() + piece + end
            frames.append(STX + body + make_checksum(body) + CR + LF)
            number += 1
    return frames
