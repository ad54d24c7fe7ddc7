"""python3 -m bhavya.local <word>: the words behind `make`."""

import argparse
import signal
import subprocess
import sys
from collections.abc import Callable

from bhavya.local import checks, install, lock, messages, places, run, steps, voice
from bhavya.local.problem import Problem
from bhavya.local.progress import Step, run_steps, say
from bhavya.local.servers import Servers


def main() -> int:
    arguments = parse(sys.argv[1:])
    # An orderly end also when asked by the system, not only by Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.default_int_handler)
    try:
        return WORDS[arguments.word](arguments)
    except Problem as problem:
        say(f"\n{problem}")
        return 1
    except OSError as error:
        # The disk filling up while we write is the usual one.
        say(f"\n{error.strerror}: {error.filename or 'a file of this checkout'}.")
        return 1
    except KeyboardInterrupt:
        say("\nStopped.")
        return 130


def parse(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 -m bhavya.local")
    commands = parser.add_subparsers(dest="word", required=True)
    commands.add_parser("run", help="install, start everything, keep it running")
    word = commands.add_parser("reset", help="stop and delete the data of this checkout")
    word.add_argument("--yes", action="store_true", help="do not ask")
    for name in ("test", "check"):
        word = commands.add_parser(name, help="checks and tests")
        word.add_argument("words", nargs="*", help="handed to pytest")
    commands.add_parser("tidy", help="format code and templates")
    word = commands.add_parser("install", help="install what is missing")
    word.add_argument("--tests", action="store_true", help="also what the tests need")
    word = commands.add_parser("services", help="the private PostgreSQL and Redis of this checkout")
    word.add_argument("what", choices=["start", "stop", "status"])
    word.add_argument("--test", action="store_true", help="the throw-away set for tests")
    word = commands.add_parser("manage", help="manage.py with this checkout's servers")
    word.add_argument("words", nargs=argparse.REMAINDER)
    commands.add_parser("voice", help="the spoken words of the call boards, made anew")
    commands.add_parser("messages", help="collect and compile the words of the screens")
    word = commands.add_parser("lock", help="resolve the requirements")
    word.add_argument("--upgrade", action="store_true", help="take the newest versions allowed")
    return parser.parse_args(words)


def word_install(arguments: argparse.Namespace) -> int:
    places.prepare()
    run_steps(install.steps(arguments.tests))
    return 0


def word_services(arguments: argparse.Namespace) -> int:
    servers = Servers(test=arguments.test)
    if arguments.what == "start":
        start(servers)
        say(f"Addresses are in {servers.env_file}")
    elif arguments.what == "stop":
        say("Stopped." if servers.stop() else "Nothing was running.")
    else:
        for line in servers.status():
            say(line)
    return 0


def word_manage(arguments: argparse.Namespace) -> int:
    servers = Servers()
    if not all((servers.cluster().running(), servers.broker().running())):
        start(servers)
    command = [str(places.PYTHON), "manage.py", *arguments.words]
    return subprocess.run(
        command, cwd=places.ROOT, env=steps.program_environment(servers), check=False
    ).returncode


def word_voice(arguments: argparse.Namespace) -> int:
    """With the recordings in `.local/voice`; restart the server afterwards."""
    places.prepare()
    made = voice.build()
    say("The voice is made." if made else "Nothing new, or espeak-ng and opus-tools are missing.")
    return 0


def word_messages(arguments: argparse.Namespace) -> int:
    messages.collect(steps.program_environment(Servers()))
    install.compile_translations()
    for language in messages.LANGUAGES:
        left = messages.unfinished(messages.read(messages.source(language)))
        say(
            f"{language}: {len(left)} words to translate"
            + (": " + "; ".join(left[:20]) if left else "")
        )
    return 0


def word_lock(arguments: argparse.Namespace) -> int:
    lock.lock(arguments.upgrade)
    return 0


def start(servers: Servers) -> None:
    run_steps(
        [Step("PostgreSQL", servers.start_cluster), Step("Redis or Valkey", servers.start_broker)]
    )


WORDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "run": lambda arguments: run.run(),
    "reset": lambda arguments: run.reset(arguments.yes),
    "test": lambda arguments: checks.test(browser=True, words=arguments.words),
    "check": lambda arguments: checks.test(browser=False, words=arguments.words),
    "tidy": lambda arguments: checks.tidy(),
    "install": word_install,
    "services": word_services,
    "manage": word_manage,
    "messages": word_messages,
    "voice": word_voice,
    "lock": word_lock,
}

if __name__ == "__main__":
    sys.exit(main())
