"""Try the containers for real, and print what was measured as one line of JSON.

    make containers

Base images are pulled where there is a way to them; `STAND_INS=1` makes local ones under the same tags.
`OVERLAYS="brokers secure"` tries three brokers, or what is secured, or both. Then: each image is built, weighed and
asked for what it must not hold; the system starts, the story plays, each program is made anew beside the others, each
container is killed while the story plays again, and it plays once more.
"""

import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from deploy.images.compose import programs
from deploy.local.fetch import ROOT
from tests.deploy import brokers, stand_ins
from tests.deploy.engine import OVERLAYS, compose, docker, inspect, is_healthy, kill, missing_programs, size_mb, until

OF_OVERLAYS = {"brokers": ["kafka-2", "kafka-3"], "secure": ["keycloak"]}
SERVERS = ["postgres", "keys", "kafka", *(name for one in OVERLAYS for name in OF_OVERLAYS[one])]
TRACES = "zipkin"
BASE = stand_ins.TAGS["python"]
MOST_ABOVE_BASE_MB = 250
STORY = ["run", "--rm", "-T", "-e", "KILL=others", "operations", "-m", "deploy.story"]


def build() -> dict[str, float]:
    """Build every image; return how many MB each is above its base, and refuse one that reaches another service."""
    base, above = size_mb(BASE), {}
    for name in sorted({one.service or "operations" for one in programs()}):
        target = ["operations"] if name == "operations" else ["service", "--build-arg", f"SERVICE={name}"]
        dockerfile = ["-f", "deploy/images/Dockerfile", "--target", *target]
        docker("build", "--quiet", *dockerfile, "--tag", f"samvirke-{name}:dev", str(ROOT))
        above[name] = round(size_mb(f"samvirke-{name}:dev") - base, 1)
        if above[name] > MOST_ABOVE_BASE_MB:
            raise AssertionError(f"{name}: {above[name]} MB above its base")
        if name != "operations":
            require_alone(name)
    return above


def require_alone(name: str) -> None:
    """Refuse an image in which another service can be imported, that runs as root, or that can build."""
    others = [one for one in sorted({one.service for one in programs() if one.service}) if one != name]
    tried = f"""if True:
        import importlib.util, os
        print([one for one in {others} if importlib.util.find_spec("services." + one)], os.getuid(), os.getgid())
    """
    said = docker("run", "--rm", "--entrypoint", "python", f"samvirke-{name}:dev", "-c", tried)
    if said != "[] 10001 10001":
        raise AssertionError(f"{name}: {said}")


def start() -> dict[str, float]:
    """Start everything from nothing; return how long each program took from its start to healthy, in seconds."""
    compose("down", "--volumes", "--remove-orphans")
    compose("up", "--detach", "--no-build")
    until("the beginnings", lambda: inspect("begun")["State"]["Status"] == "exited", 600)
    if inspect("begun")["State"]["ExitCode"] != 0:
        raise AssertionError(compose("logs", "begun").stdout[-3000:])
    return {one.name: _healthy_after(one.name) for one in programs()}


def start_each() -> dict[str, float]:
    """Make each program anew while the rest runs; return how long each took from its start to healthy, in seconds."""
    return {one.name: _made_anew(one.name) for one in programs()}


def _made_anew(name: str) -> float:
    compose("up", "--detach", "--no-build", "--no-deps", "--force-recreate", name)
    until(f"{name} is healthy", lambda: is_healthy(name))
    return _healthy_after(name)


def _healthy_after(name: str) -> float:
    state = inspect(name)["State"]
    first = next(one["End"] for one in state["Health"]["Log"] if one["ExitCode"] == 0)
    return round(_seconds(first) - _seconds(state["StartedAt"]), 1)


def _seconds(moment: str) -> float:
    # The engine gives more digits of a second than Python takes.
    return datetime.fromisoformat(f"{moment[:26].rstrip('Z')}Z").timestamp()


def story() -> float:
    """Play the story; return how many seconds it took."""
    began = time.monotonic()
    done = compose(*STORY, check=False)
    if done.returncode != 0:
        raise AssertionError(done.stdout[-3000:])
    return round(time.monotonic() - began, 1)


def stories_while_each_is_killed() -> tuple[list[str], int]:
    """Kill each container in turn while the story plays again and again; return whom, and how many were right."""
    names, told = [*SERVERS, *(one.name for one in programs())], 0
    # It keeps the traces in memory: a story that began before would look for them in vain.
    _kill(TRACES)
    with ThreadPoolExecutor(1) as pool:
        playing = pool.submit(story)
        for name in names:
            if playing.done():
                playing, told = pool.submit(story), told + bool(playing.result())
            _kill(name)
        told += bool(playing.result())
    return [TRACES, *names], told


def _kill(name: str) -> None:
    before = inspect(name)["RestartCount"]
    kill(name)
    until(f"{name} is started again", lambda: inspect(name)["RestartCount"] > before)
    until(f"{name} is healthy again", lambda: is_healthy(name), 300)


def main() -> int:
    """Do it all; the last line is one JSON object."""
    if missing := missing_programs():
        print(f"missing: {', '.join(missing)}; containers are tried where an engine runs", file=sys.stderr)
        return 1
    if os.environ.get("STAND_INS") == "1":
        stand_ins.make()
    found: dict[str, Any] = {"above_base_mb": build()}
    compose("config", "--quiet")
    try:
        found["healthy_together_s"] = start()
        found["story_s"] = story()
        found["healthy_s"] = start_each()
        found["killed"], found["stories_meanwhile"] = stories_while_each_is_killed()
        found["story_again_s"] = story()
        if "brokers" in OVERLAYS:
            found["topics"] = brokers.replicated(brokers.Containers())
            found["written"] = brokers.written_while_away(brokers.Containers())
    except BaseException:
        print(compose("logs", "--tail", "50", check=False).stdout, file=sys.stderr)
        raise
    finally:
        compose("down", "--volumes", check=False)
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
