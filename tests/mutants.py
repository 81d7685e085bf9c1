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
_LIFECYCLE = "core/lifecycle.py"
_EXPORTS = "core/exports.py"
_ACCOUNT = "core/account.py"
_BACKDOOR = "core/backdoor.py"
_TAGS = "core/tags.py"
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
        '    raise errors.UNKNOWN_FILTER(name=name, supported=", ".join(spelled))',
        '    return supported["tag-key"], key',
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
    Mutant(
        "FLT-13",
        "test_oracle.py",
        _FILTERS,
        "task.tag_set if tag.key == key",
        "task.tag_set if key",
    ),
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
        "FLT-23", "test_quirks.py", "core/quirks.py", '!= "task-state"', '!= "tag-key"'
    ),
    Mutant("PAG-01", "test_oracle.py", _PAGING, "page.pop()", "pass"),
    Mutant("PAG-02", "test_paging.py", _PAGING, "value > maximum", "value >= maximum"),
    Mutant(
        "PAG-03",
        "test_oracle.py",
        _PAGING,
        "if max_results is None:\n        return list(items), None",
        "max_results = max_results or 3",
    ),
    Mutant(
        "PAG-04",
        "test_oracle.py",
        _DESCRIBE,
        "selection.states, after)",
        "selection.states, 0)",
    ),
    Mutant(
        "PAG-05",
        "test_paging.py",
        _PAGING,
        "len(page) <= max_results",
        "len(page) < max_results",
    ),
    Mutant("PAG-06", "test_oracle.py", _PAGING, "max_results + 1", "max_results"),
    Mutant(
        "PAG-07",
        "test_paging.py",
        _PAGING,
        'return int.from_bytes(stream.digest(), "big")',
        "return 0",
    ),
    Mutant(
        "PAG-08",
        "test_paging.py",
        _ACCOUNT,
        "settings.account_id, region))",
        "settings.account_id))",
    ),
    Mutant("PAG-09", "test_paging.py", _PAGING, "sorted(set(f.get(", "list((f.get("),
    Mutant(
        "PAG-10",
        "test_paging.py",
        _DESCRIBE,
        "query = ids, filters",
        "query = (*ids, str(limit)), filters",
    ),
    Mutant(
        "PAG-11",
        "test_paging.py",
        _PAGING,
        "raise errors.INVALID_NEXT_TOKEN(token=token)",
        "return 0",
    ),
    Mutant(
        "PAG-12",
        "test_walk_machine.py",
        _DESCRIBE,
        "encode(last, query)",
        "encode(after + len(page), query)",
    ),
    Mutant(
        "PAG-13",
        "test_paging.py",
        _DESCRIBE,
        "query = ids, filters",
        "query = (*ids, str(context.tasks)), filters",
    ),
    Mutant(
        "PAG-14",
        "test_paging.py",
        _ACCOUNT,
        "settings.account_id, region))",
        "settings.call_span, region))",
    ),
    Mutant(
        "PAG-15",
        "test_paging.py",
        _DESCRIBE,
        "context.tokens.encode(last, query)",
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
        "test_quirks.py",
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
        "raise errors.MALFORMED_ID(id=task_id, syntax=TASK_ID_SYNTAX)",
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
        "test_order.py",
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
        "test_text.py",
        "core/text.py",
        "text.isascii() and text.isprintable()",
        "text.isascii()",
    ),
    Mutant(
        "RSP-10",
        "test_simulator.py",
        _ACCOUNT,
        "parameters=copied(call.parameters)",
        "parameters=call.parameters",
    ),
    Mutant(
        "AUT-12",
        "test_resource_permissions.py",
        "core/context.py",
        "}::image/",
        "}:image/",
    ),
    Mutant(
        "AUT-13",
        "test_resource_permissions.py",
        "core/operations/export_image.py",
        'if "TagSpecifications" in given:',
        "if False:",
    ),
    Mutant(
        "LIF-01",
        "test_tables.py",
        "core/model.py",
        'DELETED = "deleted"',
        'DELETED = "deleted"\n    FAILED = "failed"',
    ),
    Mutant(
        "LIF-02",
        "test_tables.py",
        _LIFECYCLE,
        '"delete"): DELETED',
        '"delete"): DELETING',
    ),
    Mutant(
        "LIF-03",
        "test_backdoor.py",
        _LIFECYCLE,
        "state=state, progress=None,",
        "state=state,",
    ),
    Mutant(
        "LIF-04",
        "test_backdoor.py",
        _LIFECYCLE,
        "else FAILURE_PREFIX + message",
        "else message",
    ),
    Mutant(
        "LIF-05",
        "test_export_clock.py",
        _LIFECYCLE,
        'Stage(0.3, "60"',
        'Stage(0.4, "60"',
    ),
    Mutant("LIF-06", "test_backdoor.py", _LIFECYCLE, "<= reached]", "< reached]"),
    Mutant(
        "LIF-07",
        "test_backdoor.py",
        _BACKDOOR,
        "if state is lifecycle.ACTIVE:",
        "if True:",
    ),
    Mutant(
        "LIF-08",
        "test_cancel.py",
        _ACCOUNT,
        "if task is None or task.number != due.number:",
        "if task is None:",
    ),
    Mutant(
        "LIF-09", "test_backdoor.py", _BACKDOOR, "int(whole) > 100", "int(whole) > 1000"
    ),
    Mutant(
        "LIF-10",
        "test_backdoor.py",
        _ACCOUNT,
        "while self.holds(task_id):",
        "while False:",
    ),
    Mutant(
        "LIF-11",
        "test_backdoor.py",
        "core/records.py",
        "if key in seen:",
        "if False:",
    ),
    Mutant(
        "LIF-12",
        "test_backdoor.py",
        _BACKDOOR,
        "if task.id in seen or account.holds(task.id):",
        "if task.id in seen:",
    ),
    Mutant(
        "LIF-13",
        "test_backdoor.py",
        _BACKDOOR,
        ".remove(self._held(task_id).id)",
        ".get(self._held(task_id).id)",
    ),
    Mutant(
        "LIF-14",
        "test_backdoor.py",
        "core/model.py",
        "or ''}{self.id}",
        "or ''}/{self.id}",
    ),
    Mutant(
        "LIF-15",
        "test_simulator.py",
        _ACCOUNT,
        "regions[region] = TaskStore()",
        "regions[region] = next(iter(regions.values()), TaskStore())",
    ),
    Mutant(
        "LIF-16",
        "test_export_clock.py",
        "core/state.py",
        "self.agenda.copy(),",
        "self.agenda,",
    ),
    Mutant(
        "LIF-16",
        "test_client_token.py",
        "core/state.py",
        "self.client_tokens.copy(),",
        "self.client_tokens,",
    ),
    Mutant(
        "LIF-17",
        "test_cancel.py",
        _LIFECYCLE,
        "timedelta(seconds=60)",
        "timedelta(seconds=61)",
    ),
    Mutant(
        "LIF-18", "test_cancel.py", _LIFECYCLE, ">= FINAL_STRETCH", "> FINAL_STRETCH"
    ),
    Mutant(
        "LIF-19", "test_export_image.py", "core/ids.py", "{8}|[0-9a-f]{17})", "{8,17})"
    ),
    Mutant(
        "LIF-20",
        "test_export_image.py",
        _EXPORTS,
        "raise errors.IMAGE_NOT_FOUND(id=image_id)",
        "return",
    ),
    Mutant(
        "LIF-21",
        "test_export_image.py",
        _EXPORTS,
        "raise errors.ENCRYPTED_IMAGE(id=image_id)",
        "return",
    ),
    Mutant(
        "LIF-22",
        "test_export_image.py",
        _EXPORTS,
        "if len(value) > bound:",
        "if len(value) >= bound:",
    ),
    Mutant(
        "LIF-23",
        "test_client_token.py",
        _EXPORTS,
        'request.pop("DryRun", None)',
        "pass",
    ),
    Mutant(
        "LIF-23",
        "test_client_token.py",
        _EXPORTS,
        "if earlier.request != request:",
        "if False:",
    ),
    Mutant(
        "LIF-24",
        "test_export_limits.py",
        _EXPORTS,
        "tasks.count(ACTIVE) >= limit",
        "tasks.count(ACTIVE) > limit",
    ),
    Mutant(
        "LIF-24",
        "test_export_limits.py",
        "core/store.py",
        "self._images[task.image_id] += by",
        "pass",
    ),
    Mutant(
        "LIF-25",
        "test_export_clock.py",
        _LIFECYCLE,
        "stage.share <= share",
        "stage.share * 1.001 <= share",
    ),
    Mutant(
        "LIF-25",
        "test_export_clock.py",
        _ACCOUNT,
        "state.agenda[0].at <= target",
        "state.agenda[0].at < target",
    ),
    Mutant(
        "LIF-26",
        "test_on_completed.py",
        "core/service.py",
        "account.announce()",
        "pass",
    ),
    Mutant(
        "LIF-26",
        "test_on_completed.py",
        _ACCOUNT,
        "                    raised = problem",
        "                    raise",
    ),
    Mutant(
        "LIF-27",
        "test_known_answers.py",
        _EXPORTS,
        '("DiskImageFormat", "RoleName")',
        '("DiskImageFormat",)',
    ),
    Mutant(
        "LIF-28",
        "test_export_clock.py",
        _EXPORTS,
        '("fail", span / 2)',
        '("fail", span)',
    ),
    Mutant(
        "LIF-29",
        "test_export_image.py",
        _EXPORTS,
        " if region == settings.home_region else None",
        "",
    ),
    Mutant(
        "LIF-30",
        "test_cancel.py",
        _LIFECYCLE,
        'if event == "delete":',
        'if event != "fail":',
    ),
    Mutant(
        "TAG-01",
        "test_tags.py",
        _TAGS,
        "{tag.key: tag for tag in new}",
        "{str(tag.key).lower(): tag for tag in new}",
    ),
    Mutant(
        "TAG-02",
        "test_tags.py",
        _TAGS,
        "if len(key) > MAX_KEY:",
        "if len(key.encode()) > MAX_KEY:",
    ),
    Mutant(
        "TAG-03", "test_tags.py", _TAGS, "if key.startswith(RESERVED):", "if False:"
    ),
    Mutant(
        "TAG-04",
        "test_tags.py",
        _TAGS,
        "len(value) > MAX_VALUE",
        "len(value) >= MAX_VALUE",
    ),
    Mutant("TAG-05", "test_tags.py", _TAGS, "if not key:", 'if "Key" not in given:'),
    Mutant("TAG-06", "test_tags.py", _TAGS, "if key in seen:", "if False:"),
    Mutant("TAG-07", "test_tags.py", _TAGS, "if added and count", "if count"),
    Mutant("TAG-08", "test_tags.py", _TAGS, "if kind != TASK_KIND:", "if False:"),
    Mutant(
        "TAG-09", "test_tag_calls.py", _TAGS, "raise errors.NO_TASK_ID(id=each)", "pass"
    ),
    Mutant(
        "TAG-10",
        "test_tag_calls.py",
        _TAGS,
        "[added.pop(tag.key, tag) for tag in held]",
        "[tag for tag in held if tag.key not in added]",
    ),
    Mutant(
        "TAG-11",
        "test_tag_calls.py",
        _TAGS,
        '(tag.key, tag.value or "") not in gone',
        "True",
    ),
    Mutant(
        "TAG-11",
        "test_tag_calls.py",
        _TAGS,
        "return tuple(filter(_is_reserved, held))",
        "return ()",
    ),
    Mutant(
        "TAG-12",
        "test_describe_tags.py",
        _TAGS,
        "(tag.value,) if tag.key == key else ()",
        "(tag.value,)",
    ),
    Mutant(
        "TAG-13",
        "test_describe_tags.py",
        "core/operations/describe_tags.py",
        '"integer", 5, 1000',
        '"integer", 1, 1000',
    ),
    Mutant(
        "TAG-13",
        "test_describe_tags.py",
        _TAGS,
        "after // _PLACES - 1",
        "after // _PLACES",
    ),
    Mutant(
        "TAG-14",
        "test_tag_calls.py",
        "core/operations/create_tags.py",
        "sets = [merged(task.tag_set, new) for task in tasks]",
        "sets = []\n"
        "    for task in tasks:\n"
        "        sets.append(merged(task.tag_set, new))\n"
        "        context.tasks.replace([replace(task, tag_set=sets[-1])])",
    ),
    Mutant(
        "TAG-15",
        "test_tags.py",
        _TAGS,
        "count = sum(not _is_reserved(tag) for tag in tags)",
        "count = len(tags)",
    ),
    Mutant("TAG-16", "test_tags.py", _TAGS, "> MAX_RESOURCES", ">= MAX_RESOURCES"),
]
