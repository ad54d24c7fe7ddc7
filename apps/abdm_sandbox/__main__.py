"""python -m apps.abdm_sandbox --port 8790: the stand-in as a process of its own."""

import argparse
import json
from pathlib import Path

import uvicorn

from apps.abdm_sandbox.server import application
from apps.abdm_sandbox.world import Service

HERE = "127.0.0.1"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m apps.abdm_sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=8790)
    parser.add_argument("--bridge", default="", help="where callbacks go: http://…/abdm")
    parser.add_argument("--services", type=Path, help="hospitals: [{service_id, name}] in JSON")
    parser.add_argument("--keep", type=Path, help="file that remembers everything between starts")
    parser.add_argument("--messages", default="", help="page that shows a demo's sent SMS")
    told = parser.parse_args()
    if "abdm.gov.in" in told.bridge.lower():
        parser.error("this is a stand-in: it never calls the real ABDM")
    app = application(f"http://{HERE}:{told.port}", keep=told.keep)
    world = app.state.world
    world.bridge_url, world.messages_url = told.bridge.rstrip("/"), told.messages
    for one in json.loads(told.services.read_text("utf-8")) if told.services else []:
        world.services[one["service_id"]] = Service(one["service_id"], one["name"])
    uvicorn.run(app, host=HERE, port=told.port, log_level="warning")


if __name__ == "__main__":
    main()
