"""python3 -m bhavya.local <word>: the words behind `make`."""

import argparse
import sys

from bhavya.local import install, places
from bhavya.local.problem import Problem
from bhavya.local.progress import Step, run_steps, say
from bhavya.local.servers import Servers


def main() -> int:
    arguments = parse(sys.argv[1:])
    try:
        if sys.version_info < (3, 11):
            raise Problem(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
        return WORDS[arguments.word](arguments)
    except Problem as problem:
        say(f"\n{problem}")
        return 1
    except KeyboardInterrupt:
        say("\nStopped.")
        return 130


def parse(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 -m bhavya.local")
    commands = parser.add_subparsers(dest="word", required=True)
    word = commands.add_parser("install", help="install what is missing")
    word.add_argument("--tests", action="store_true", help="also what the tests need")
    word = commands.add_parser("services", help="the private PostgreSQL and Redis of this checkout")
    word.add_argument("what", choices=["start", "stop", "status"])
    word.add_argument("--test", action="store_true", help="the throw-away set for tests")
    return parser.parse_args(words)


def word_install(arguments: argparse.Namespace) -> int:
    places.prepare()
    run_steps(install.steps(arguments.tests))
    return 0


def word_services(arguments: argparse.Namespace) -> int:
    servers = Servers(test=arguments.test)
    if arguments.what == "start":
        run_steps(
            [
                Step("PostgreSQL", servers.start_cluster),
                Step("Redis or Valkey", servers.start_broker),
            ]
        )
        say(f"Addresses are in {servers.env_file}")
    elif arguments.what == "stop":
        say("Stopped." if servers.stop() else "Nothing was running.")
    else:
        for line in servers.status():
            say(line)
    return 0


WORDS = {"install": word_install, "services": word_services}

if __name__ == "__main__":
    sys.exit(main())
