"""Whether the server in this container answers, whichever of the two it is, or what is named instead: exit 0, or 1."""

import sys
import urllib.request

ADDRESSES = ("http://127.0.0.1:8501/_stcore/health", "http://127.0.0.1:8085/health")


def answers(address: str) -> bool:
    """Whether there is an answer of 200 in time."""
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310 -- of this container, or named by hand
            return bool(answer.status == 200)
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(not any(map(answers, sys.argv[1:] or ADDRESSES)))
