"""Deliberate faults of the core, each a line, and the rule whose test they must fail.

A row: the rule, the test file that shows it, the file broken, what stands there, and
what stands there instead.
"""

from __future__ import annotations

from typing import NamedTuple


class Mutant(NamedTuple):
    """One fault: where it is made, and which rule's test must notice."""

    rule: str
    tests: str
    file: str
    right: str
    wrong: str


_FILTERS = "core/filters.py"
_PAGING = "core/paging.py"
_PERMISSIONS = "core/permissions.py"
_DESCRIBE = "core/operations/describe_export_image_tasks.py"

MUTANTS = [
    Mutant("FLT-01", "test_oracle.py", _FILTERS, "if all(clause", "if any(clause"),
    Mutant(
        "FLT-02",
        "test_oracle.py",
        _FILTERS,
        "states = [state for state in states if",
        "states = [state for state in TaskState if",
    ),
    Mutant(
        "FLT-03",
        "test_oracle.py",
        _FILTERS,
        "values = _values(texts)",
        "values = _values(texts[:1])",
    ),
    Mutant("FLT-04", "test_oracle.py", _FILTERS, "values.match(state.value)", "True"),
    Mutant(
        "FLT-05",
        "test_filters.py",
        _FILTERS,
        'name.partition(":")',
        'name.lower().partition(":")',
    ),
    Mutant(
        "FLT-06",
        "test_oracle.py",
        _FILTERS,
        "return text in self",
        "return text.lower() in self",
    ),
    Mutant(
        "FLT-07",
        "test_filters.py",
        _FILTERS,
        'raise errors.UNKNOWN_FILTER(name=name, supported=", ".join(spelled))',
        'return _tag_keys, "".join(spelled)  # type: ignore',
    ),
    Mutant(
        "FLT-08",
        "test_filters.py",
        _FILTERS,
        "raise errors.NAMELESS_FILTER()",
        "return 'tag-key'",
    ),
    Mutant(
        "FLT-09",
        "test_oracle.py",
        _FILTERS,
        "return text in self.literals",
        "return not self.literals or text in self.literals",
    ),
    Mutant(
        "FLT-10",
        "test_oracle.py",
        _FILTERS,
        "return Selection(frozenset(states)",
        "return Selection(frozenset(states or TaskState)",
    ),
    Mutant(
        "FLT-11",
        "test_oracle.py",
        _FILTERS,
        "return text in self.literals",
        'return "" in self.literals or text in self.literals',
    ),
    Mutant("FLT-12", "test_oracle.py", _FILTERS, '    "tag:": _tag_values,', ""),
    Mutant("FLT-13", "test_oracle.py", _FILTERS, "() if tag.key == key", "() if key"),
    Mutant("FLT-14", "test_oracle.py", _FILTERS, '    "tag-key": _tag_keys,', ""),
    Mutant(
        "FLT-15",
        "test_oracle.py",
        _FILTERS,
        'name.partition(":")',
        'name.rpartition(":")',
    ),
    Mutant("FLT-16", "test_oracle.py", _FILTERS, "(state & self._stars)", "0"),
    Mutant(
        "FLT-17",
        "test_oracle.py",
        _FILTERS,
        "self._optional |= bit\n",
        "self._any |= bit\n",
    ),
    Mutant(
        "FLT-18", "test_oracle.py", _FILTERS, r'token[1] in "*?\\"', r'token[1] in "*?"'
    ),
    Mutant(
        "FLT-19",
        "test_filters.py",
        _FILTERS,
        "raise errors.BAD_ESCAPE(sequence=token)",
        "self._literals[token] |= bit",
    ),
    Mutant(
        "FLT-20",
        "test_filters.py",
        _FILTERS,
        "count > MAX_VALUES",
        "count > MAX_VALUES + 1",
    ),
    Mutant(
        "FLT-21",
        "test_filters.py",
        _FILTERS,
        "> MAX_VALUE_LENGTH",
        ">= MAX_VALUE_LENGTH",
    ),
    Mutant(
        "FLT-22",
        "test_filters.py",
        _FILTERS,
        "if count > MAX_VALUES:",
        "if count > MAX_VALUES and len(named) < 3:",
    ),
    Mutant(
        "FLT-23", "test_paging.py", "core/quirks.py", '!= "task-state"', '!= "tag-key"'
    ),
    Mutant("PAG-01", "test_oracle.py", _PAGING, "del page[max_results:]", "pass"),
    Mutant("PAG-02", "test_paging.py", _PAGING, "value > maximum", "value >= maximum"),
    Mutant(
        "PAG-03",
        "test_oracle.py",
        _PAGING,
        "if max_results is None:\n        return Page(list(items), None)",
        "max_results = max_results or 3",
    ),
    Mutant("PAG-04", "test_oracle.py", _DESCRIBE, "cursor.after)", "0)"),
    Mutant(
        "PAG-05",
        "test_paging.py",
        _PAGING,
        "len(page) <= max_results",
        "len(page) < max_results",
    ),
    Mutant("PAG-06", "test_oracle.py", _PAGING, "max_results + 1", "max_results"),
    Mutant("PAG-07", "test_paging.py", _PAGING, "bytes(a ^ b for", "bytes(a for"),
    Mutant(
        "PAG-08",
        "test_paging.py",
        "core/account.py",
        "settings.account_id, region))",
        "settings.account_id))",
    ),
    Mutant("PAG-09", "test_paging.py", _PAGING, "sorted(set(f.get(", "list((f.get("),
    Mutant(
        "PAG-10",
        "test_paging.py",
        _DESCRIBE,
        "Cursor(0, ids, filters)",
        "Cursor(0, (*ids, str(limit)), filters)",
    ),
    Mutant(
        "PAG-11",
        "test_paging.py",
        _PAGING,
        "raise errors.INVALID_NEXT_TOKEN(token=token)",
        "return start",
    ),
    Mutant(
        "PAG-12",
        "test_machine.py",
        _PAGING,
        "_replace(after=page[-1].number)",
        "_replace(after=cursor.after + len(page))",
    ),
    Mutant(
        "PAG-13",
        "test_paging.py",
        _DESCRIBE,
        "Cursor(0, ids, filters)",
        "Cursor(0, (*ids, str(context.tasks)), filters)",
    ),
    Mutant(
        "PAG-14",
        "test_paging.py",
        "core/account.py",
        "settings.account_id, region))",
        "settings.call_span, region))",
    ),
    Mutant(
        "PAG-15",
        "test_paging.py",
        _DESCRIBE,
        "context.tokens.encode(page.following)",
        '"None"',
    ),
    Mutant(
        "PAG-16",
        "test_paginator.py",
        "paginator.py",
        "skipped + len(items)",
        "len(items)",
    ),
    Mutant(
        "PAG-17",
        "test_paging.py",
        "core/quirks.py",
        "and with_ids and with_limit",
        "and with_ids",
    ),
    Mutant(
        "PAG-18", "test_paging.py", _PAGING, "value > maximum", "value > maximum + 1"
    ),
    Mutant("AUT-01", "test_permissions.py", "core/errors.py", "    412,", "    400,"),
    Mutant(
        "AUT-02",
        "test_permissions.py",
        _PERMISSIONS,
        "    if policy is not None:",
        "    if policy is not None and not dry_run:",
    ),
    Mutant(
        "AUT-03",
        "test_permissions.py",
        _PERMISSIONS,
        "    if policy is not None:",
        "    if policy is not None and dry_run:",
    ),
    Mutant(
        "AUT-04",
        "test_permissions.py",
        _DESCRIBE,
        'given.get("DryRun")',
        '"DryRun" in given',
    ),
    Mutant(
        "AUT-05",
        "test_permissions.py",
        _PERMISSIONS,
        'on = "" if',
        'on = " on resource: *" if',
    ),
    Mutant(
        "AUT-06",
        "test_permissions.py",
        _PERMISSIONS,
        "if False in effects:",
        "if effects == {False}:",
    ),
    Mutant(
        "AUT-07",
        "test_permissions.py",
        _PERMISSIONS,
        'in ("?", text[place])',
        "== text[place]",
    ),
    Mutant(
        "AUT-08",
        "test_permissions.py",
        _PERMISSIONS,
        "held = any(",
        "held = True or any(",
    ),
    Mutant(
        "AUT-09",
        "test_permissions.py",
        _PERMISSIONS,
        '"Effect", "Action"',
        '"Effect", "Condition", "Action"',
    ),
    Mutant(
        "AUT-10",
        "test_permissions.py",
        _PERMISSIONS,
        "if named is self.not_actions:",
        "if not named:",
    ),
    Mutant("AUT-11", "test_permissions.py", "core/settings.py", ":user/test", ":root"),
    Mutant(
        "IDS-01",
        "test_oracle.py",
        "core/store.py",
        "        if ids:\n",
        "        if False:\n",
    ),
    Mutant(
        "IDS-02",
        "test_oracle.py",
        "core/store.py",
        "        if ids:\n",
        "        if True:\n",
    ),
    Mutant("IDS-03", "test_oracle.py", "core/ids.py", "|[0-9a-f]{16}t", ""),
    Mutant(
        "IDS-04",
        "test_oracle.py",
        "core/ids.py",
        "raise errors.MALFORMED_ID(id=task_id)",
        "pass",
    ),
    Mutant(
        "IDS-05",
        "test_oracle.py",
        "core/store.py",
        'raise refusal(ids=", ".join(unknown))',
        "return []",
    ),
    Mutant(
        "IDS-07",
        "test_oracle.py",
        "core/ids.py",
        "tuple(dict.fromkeys(ids))",
        "tuple(ids)",
    ),
    Mutant("IDS-08", "test_oracle.py", "core/store.py", "and t.state in states]", "]"),
    Mutant(
        "IDS-10",
        "test_oracle.py",
        "core/store.py",
        "sorted(self.named(ids), key=_NUMBER)",
        "self.named(ids)",
    ),
    Mutant(
        "ORD-05",
        "test_simulator.py",
        _PERMISSIONS,
        "raise errors.DRY_RUN_OPERATION()",
        "pass",
    ),
    Mutant(
        "PRM-05",
        "test_parameters.py",
        "core/parameters.py",
        "    return kept or None\n",
        "    return kept\n",
    ),
    Mutant(
        "PRM-06",
        "test_parameters.py",
        "core/text.py",
        "text.isascii() and text.isprintable()",
        "text.isascii()",
    ),
    Mutant(
        "RSP-10",
        "test_simulator.py",
        "core/account.py",
        "parameters=copied(call.parameters)",
        "parameters=call.parameters",
    ),
]
