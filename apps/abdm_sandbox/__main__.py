"""python -m apps.abdm_sandbox --port 8790: the stand-in as a process of its own."""

import argparse

import uvicorn

from apps.abdm_sandbox.server import application


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m apps.abdm_sandbox")
    parser.add_argument("--port", type=int, default=8790)
    port = parser.parse_args().port
    app = application(f"http://127.0.0.1:{port}")
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    main()
