"""The command `rules`: the rules with id, status, statement and source."""

from __future__ import annotations

import json
import re
import sys
import textwrap
from argparse import RawDescriptionHelpFormatter
from typing import TYPE_CHECKING

from ..rules import CHAPTERS, rules, specs_directory

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from ..rules import Rule

_EXAMPLES = """\
examples:
  %(prog)s FLT-06
  %(prog)s token --status documented
  %(prog)s --json

Exit status: 0; 2 for wrong usage, and if no rule is found.
"""


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options that select rules, and the form of the output."""
    parser.usage = "%(prog)s [ID|WORD] [options]"
    parser.epilog = _EXAMPLES
    parser.formatter_class = RawDescriptionHelpFormatter
    parser.add_argument(
        "word",
        metavar="ID|WORD",
        nargs="?",
        default="",
        help="the id of a rule, such as FLT-06, or a text that a rule contains; the "
        "case does not matter",
    )
    parser.add_argument(
        "--status",
        choices=("documented", "observed", "decided"),
        help="only rules with this status: %(choices)s",
        metavar="S",
    )
    parser.add_argument("--json", action="store_true", help="print a list in JSON")


def run(arguments: Namespace) -> int:
    """Print the rules, and return 0.

    Raises ValueError if no rule is found.
    """
    found = [
        rule
        for rule in _search(arguments.word)
        if arguments.status in (None, rule.status)
    ]
    if not found:
        status = f"{arguments.status} " if arguments.status else ""
        raise ValueError(f"no {status}rule has the id or the text {arguments.word!r}")
    if arguments.json:
        text = json.dumps([rule._asdict() for rule in found], indent=2)
        sys.stdout.write(f"{text}\n")
        return 0
    for rule in found:
        body = "\n".join((rule.statement, f"Source: {rule.source}")).strip()
        sys.stdout.write(f"{rule.id}  {rule.status:10}  {rule.title}\n")
        sys.stdout.write(f"{textwrap.indent(body, ' ' * 8)}\n\n")
    return 0


def _retired() -> dict[str, str]:
    """Return each id that a rule had before, and its id now."""
    texts = (
        (specs_directory() / f"{chapter}.md").read_text(encoding="utf-8")
        for chapter in CHAPTERS.values()
    )
    return dict(re.findall(r"(\w{3}-\d\d) is now (\w{3}-\d\d)", "".join(texts)))


def _search(word: str) -> list[Rule]:
    """Return the rule whose id is or was *word*, or all rules that contain it."""
    if rule := rules().get(word.upper()):
        return [rule]
    if rule_id := _retired().get(word.upper()):
        return [rules()[rule_id]]
    word = word.casefold()
    return [
        rule
        for rule in rules().values()
        if any(
            word in text.casefold() for text in (rule.id, rule.title, rule.statement)
        )
    ]
