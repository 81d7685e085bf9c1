"""Prints every rule with the places where it is stated, obeyed and shown.

`python -m tests.matrix` is the way from any rule to its code and its tests and back;
its exit status is 1 where a rule lacks one of the three.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import ec2_export_sim
from ec2_export_sim.rules import Rule, rules, specs_directory
from tests.traces import ids_in, marked

PACKAGE = Path(ec2_export_sim.__file__).parent
TESTS = Path(__file__).parent


def lines_of(path: Path, rule_id: str, found: frozenset[str]) -> str:
    """Return the file's name and the lines that bear the id, ranges included."""
    lines = path.read_text(encoding="utf-8").splitlines()
    at = [str(n) for n, line in enumerate(lines, 1) if rule_id in found & ids_in(line)]
    return f"{path.name}:{','.join(at[:4])}{',…' if at[4:] else ''}"


def places(rule_id: str) -> list[str]:
    """Return where the code speaks of a rule."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        ids = ids_in(path.read_text(encoding="utf-8"))
        if rule_id in ids and path.parent.name != "conformance":
            found.append(lines_of(path, rule_id, ids))
    return found


def shown(rule: Rule) -> list[str]:
    """Return the files with a test or a property that bears the rule."""
    folders = [TESTS, PACKAGE / "conformance"]
    paths = (path for folder in folders for path in sorted(folder.rglob("*.py")))
    return [path.name for path in paths if rule.id in marked(path)]


def stated(rule: Rule) -> str:
    """Return the chapter and the line of the rule's heading."""
    path = specs_directory() / f"{rule.chapter}.md"
    text = path.read_text(encoding="utf-8")
    heading = re.search(rf"^### {rule.id} ", text, re.MULTILINE)
    line = text.count("\n", 0, heading.start()) + 1 if heading else 0
    return f"specs/{path.name}:{line}"


def main() -> int:
    """Print the matrix, and return 1 where a rule has no code or no test."""
    incomplete = 0
    for rule in rules().values():
        obeyed = places(rule.id)
        tests = shown(rule)
        complete = bool(obeyed and tests)
        incomplete += not complete
        print(f"{rule.id}  {rule.level:6}  {stated(rule)}  {rule.title}")
        print(f"        code  {'  '.join(obeyed) or 'NONE'}")
        print(f"        test  {'  '.join(tests) or 'NONE'}")
    print(f"{len(rules())} rules, {incomplete} incomplete")
    return int(bool(incomplete))


if __name__ == "__main__":
    sys.exit(main())
