"""The wait for this laptop's turn while all laptops of the province come back at once (sync design 3.9).

A server that was put back is asked by every laptop about all that it sent, gets again what is missing and gives
everything anew. Each comes after a part of the time that the server named, by chance; an officer who does not want to
wait stops the run, and the next one goes on at once.
"""

from __future__ import annotations

from kube_field.sync.ports import Progress, Surroundings
from kube_field.wire.messages import HelloAnswer

TURN = "turn"
"""The phase of a run that waits; it counts seconds."""
MOMENT_SECONDS = 1.0


def turn_of(answer: HelloAnswer, chance: float) -> float:
    """After how many seconds a laptop may go on that has drawn this number from 0 to 1; only who starts over waits."""
    starts_over = answer.rollback or answer.standing != "ok"
    return chance * max(answer.retry_jitter_s, 0) if starts_over else 0.0


def wait_for_turn(answer: HelloAnswer, around: Surroundings) -> None:
    """Wait where this hello told that everything is to be verified, and say how long it is still."""
    whole, waited = turn_of(answer, around.chance()), 0.0
    while waited < whole and not around.cancelled():
        around.on_progress(Progress(TURN, int(waited), round(whole)))
        moment = min(MOMENT_SECONDS, whole - waited)
        around.sleep(moment)
        waited += moment
