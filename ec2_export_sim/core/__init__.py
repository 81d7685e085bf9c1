"""The semantics of the export-image-task API.

The core uses only the standard library. It has no real clock, no randomness and no
global state, and it does not know which entry point calls it. Only `Policy.from_file`
reads a file. Read in this order:

    errors, shapes, model         the tables and the values
    ids, wildcards to tags        a stage each: ids, wildcards, filters, paging,
                                  lifecycle, tags
    variables to policies         IAM: variables, conditions, request_context,
                                  statements, policies
    text, response                how answers are written
    quirks, settings              what a constructor fixes
    store, account                what an account has, and what time does to it
    stuck_clock                   a poll that never ends
    context to authorization      one call: context, condition_keys, authorization
    operations                    the one table of operations, and a file for each
    request, dispatch             what comes before an operation, and around it
"""
