"""
Valhalla in a process of its own: ``python -m cluster.places.roads_child CONFIG`` with questions on standard input.

Not in the worker itself: the library is C++ on data from outside, and a fault in it would end every job under way.
One line a question, ``{"action", "body"}``; one line an answer, ``{"answer"}`` or ``{"code", "error"}``. Ends with its
input.
"""

import json
import sys
from typing import Any


def main() -> None:
    """Answers until there are no more questions; the first line says that it is ready."""
    import valhalla

    actor = valhalla.Actor(sys.argv[1])
    actions = {"sources_to_targets": actor.matrix, "locate": actor.locate, "route": actor.route}
    _say({"answer": "ready"})
    for line in sys.stdin:
        question: dict[str, Any] = json.loads(line)
        try:
            answer = actions[question["action"]](json.dumps(question["body"]))
        except valhalla.ValhallaError as error:
            _say({"code": getattr(error, "code", 0), "error": str(error)})
            continue
        sys.stdout.write(f'{{"answer": {answer}}}\n')
        sys.stdout.flush()


def _say(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
