"""The command line: the same engine without a browser.

A command is one function from its arguments to the rows that it found; :func:`main` prints the rows, as text or (with
``--json``) as one JSON object per line. Messages go to stderr. Exit status: 0 on success, 2 on bad input with one
sentence, 130 when interrupted.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence

from lab.cli.arguments import make_parser
from lab.cli.rows import print_rows, say
from lab.cli.training import clear_progress
from lab.errors import LabError


def main(arguments: Sequence[str]) -> int:
    """Run one command; return its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(
            stream, io.TextIOWrapper
        ):  # a file name or a terminal may know characters that the other does not
            stream.reconfigure(errors="backslashreplace")
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
    except OSError as error:
        clear_progress()
        place = f"{error.filename}: " if error.filename else ""
        say(f"{place}the system does not allow it: {(error.strerror or type(error).__name__).lower()}")
        return 2
    except ImportError as error:
        say(f"this needs the package {(error.name or '?').partition('.')[0]}, which is not installed here")
        return 2
