"""`make story`: plays the journey against what `make up` started; the status is not 0 when any step did not happen."""

import os
import sys

from deploy.local.errors import StackError
from deploy.story.councils_plan import play_councils
from deploy.story.journey import HERNING, Journey
from deploy.story.referrals_talks import play_referrals
from deploy.story.staff_work import play_staff
from deploy.story.world import StoryBroken, World


def main() -> int:
    """Play the story and say how it ended."""
    world = World(kills=os.environ.get("KILL", "") not in {"", "0", "others"})
    steps = iter(range(1, 100))

    def say(text: str, address: str) -> None:
        print(f"{next(steps)}. {text}\n     {address}", flush=True)

    journey = Journey(world, say)
    try:
        journey.play()
        play_staff(world, say)
        play_referrals(world, say)
        play_councils(world, say)
        _say_where_to_look(journey)
    except (StoryBroken, StackError) as error:
        print(f"The story broke: {error}", file=sys.stderr)
        return 1
    finally:
        world.stop()
    return 0


def _say_where_to_look(journey: Journey) -> None:
    world, case = journey.world, journey.case(HERNING)
    if world.killed:
        print(f"Killed on the way, and back again: {', '.join(world.killed)}.")
    print("The traces of Herning's case:")
    for name, spans, address in world.until("the case's traces are there", lambda: world.traces(case)):
        print(f"     {name}, {spans} spans\n     {address}")
    print("What concerns shows needs a token:\n     make token ROLE=key_officer AUTHORITY=politi-mvj")
    print(f"Its whole story, service by service:\n     make case ID={case}")


if __name__ == "__main__":
    sys.exit(main())
