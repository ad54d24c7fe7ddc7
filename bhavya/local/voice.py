"""The voice of the call boards: every word once, in one small sound file, made without internet.

`bhavya/static/build/voice/voice.opus` holds the words one after another, `voice.json` says where
each one stands: {"48": [start, length]} in milliseconds. Words are spoken by Debian's espeak-ng.

A hospital's own recordings go before it: a folder `.local/voice` with WAV files (16 bit, one or two
channels, any rate) named like the words below: `48.wav`, `sau.wav`, `letter-m.wav`, `token.wav`,
`kamra.wav`, `kripya.wav`. One file or all; then `python3 -m bhavya.local voice`. Without espeak-ng
and without a complete folder nothing is built and the boards work silently.
"""

import array
import json
import shutil
import subprocess
import wave
from pathlib import Path

from bhavya.local import places, processes, stamps

HERE = Path(__file__).parent
TARGET = places.ROOT / "bhavya" / "static" / "build" / "voice"
OWN = places.ROOT / ".local" / "voice"
LOG = places.LOGS / "install.log"
RATE = 22050  # what espeak-ng writes
GAP_MS, QUIET, EDGE_MS = 40, 220, 15
SPEED, KBITS = "135", "16"

NUMBER_WORDS = (
    "शून्य एक दो तीन चार पाँच छह सात आठ नौ दस ग्यारह बारह तेरह चौदह पंद्रह सोलह सत्रह अठारह "
    "उन्नीस बीस इक्कीस बाईस तेईस चौबीस पच्चीस छब्बीस सत्ताईस अट्ठाईस उनतीस तीस इकतीस बत्तीस "
    "तैंतीस चौंतीस पैंतीस छत्तीस सैंतीस अड़तीस उनतालीस चालीस इकतालीस बयालीस तैंतालीस चौवालीस "
    "पैंतालीस छियालीस सैंतालीस अड़तालीस उनचास पचास इक्यावन बावन तिरपन चौवन पचपन छप्पन सत्तावन "
    "अट्ठावन उनसठ साठ इकसठ बासठ तिरसठ चौंसठ पैंसठ छियासठ सड़सठ अड़सठ उनहत्तर सत्तर इकहत्तर "
    "बहत्तर तिहत्तर चौहत्तर पचहत्तर छिहत्तर सतहत्तर अठहत्तर उन्यासी अस्सी इक्यासी बयासी "
    "तिरासी चौरासी पचासी छियासी सत्तासी अट्ठासी नवासी नब्बे इक्यानवे बानवे तिरानवे चौरानवे "
    "पचानवे छियानवे सत्तानवे अट्ठानवे निन्यानवे "
)
NUMBERS = NUMBER_WORDS.split()
LETTER_WORDS = "ए बी सी डी ई एफ़ जी एच आई जे के एल एम एन ओ पी क्यू आर एस टी यू वी डब्ल्यू एक्स वाई ज़ेड "
LETTERS = LETTER_WORDS.split()
WORDS = {
    **{str(n): word for n, word in enumerate(NUMBERS)},
    **{f"letter-{chr(97 + n)}": word for n, word in enumerate(LETTERS)},
    "sau": "सौ",
    "hazar": "हज़ार",
    "token": "टोकन",
    "kamra": "कमरा नंबर",
    "kripya": "कृपया",
    "aaiye": "में आइए",
    "desk-vitals": "नर्स की मेज़ पर आइए",
    "desk-lab": "जाँच कक्ष में आइए",
    "desk-pharmacy": "दवा काउंटर पर आइए",
}


def digest() -> str:
    own = sorted(OWN.glob("*.wav")) if OWN.is_dir() else []
    stamp = [f"{path.name}:{path.stat().st_size}:{path.stat().st_mtime_ns}" for path in own]
    return stamps.digest([HERE / "voice.py"], *stamp, str(can_speak()))


def can_speak() -> bool:
    return all(shutil.which(name) for name in ("espeak-ng", "opusenc"))


def build() -> bool:
    """True when a voice was made; without the programs the boards stay silent."""
    made = (TARGET / "voice.json").exists()
    if not can_speak() or (made and stamps.is_current("voice", digest())):
        return False
    work = places.ROOT / ".local" / "voice.new"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    sound, where = array.array("h"), {}
    for name, word in WORDS.items():
        spoken = trimmed(samples(OWN / f"{name}.wav") or said(name, word, work))
        where[name] = [len(sound) * 1000 // RATE, len(spoken) * 1000 // RATE]
        sound.extend(spoken)
        sound.extend([0] * (RATE * GAP_MS // 1000))
    write(work / "all.wav", sound)
    command = ["opusenc", "--quiet", "--bitrate", KBITS, "--framesize", "40", "--discard-comments"]
    processes.call(
        [*command, work / "all.wav", work / "voice.opus"], LOG, "The voice could not be encoded"
    )
    TARGET.mkdir(parents=True, exist_ok=True)
    shutil.move(work / "voice.opus", TARGET / "voice.opus")
    (TARGET / "voice.json").write_text(json.dumps(where, separators=(",", ":")))
    shutil.rmtree(work)
    stamps.write("voice", digest())
    return True


def said(name: str, word: str, folder: Path) -> "array.array[int]":
    target = folder / f"{name}.wav"
    command = ["espeak-ng", "-v", "hi", "-s", SPEED, "-w", str(target), word]
    subprocess.run(command, check=True, capture_output=True, timeout=30)
    return samples(target) or array.array("h")


def samples(path: Path) -> "array.array[int] | None":
    """One channel at RATE, from a WAV file; None when there is no such file or it is of no use."""
    try:
        with wave.open(str(path)) as file:
            channels, rate, width = file.getnchannels(), file.getframerate(), file.getsampwidth()
            raw = file.readframes(file.getnframes())
    except (OSError, EOFError, wave.Error):
        return None
    if width != 2:
        return None
    sound = array.array("h", raw)[::channels]
    if rate == RATE:
        return sound
    count = len(sound) * RATE // rate
    return array.array("h", (sound[min(len(sound) - 1, n * rate // RATE)] for n in range(count)))


def trimmed(sound: "array.array[int]") -> "array.array[int]":
    """Without the silence before and after: words follow each other like in speech."""
    loud = [n for n, value in enumerate(sound) if abs(value) > QUIET]
    if not loud:
        return sound
    edge = RATE * EDGE_MS // 1000
    return sound[max(0, loud[0] - edge) : loud[-1] + edge * 3]


def write(path: Path, sound: "array.array[int]") -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(sound.tobytes())
