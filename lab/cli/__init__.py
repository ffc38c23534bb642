"""The command line: the same engine without a browser.

A command is one function from its arguments to the rows that it found; :func:`main` prints the rows, as text or (with
``--json``) as one JSON object per line. Messages go to stderr. Exit status: 0 on success, 2 on bad input with one
sentence, 130 when interrupted.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from lab.cli.arguments import make_parser
from lab.cli.rows import print_rows, say
from lab.cli.training import clear_progress
from lab.errors import LabError


def main(arguments: Sequence[str]) -> int:
    """Run one command; return its exit status."""
    args = make_parser().parse_args(arguments)
    try:
        return print_rows(args.run(args), as_json=args.json)
    except LabError as error:
        clear_progress()
        say(error.sentence)
        return 2
    except KeyboardInterrupt:
        say("interrupted")
        return 130
    except BrokenPipeError:  # the reader, `head` for example, has seen enough
        sys.stdout = None  # else Python complains once more when it flushes at the end
        return 0
