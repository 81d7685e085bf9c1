"""The semantics of the export-image-task API.

Its law: the standard library only, no clock, no randomness, no I/O, nothing global,
and no knowledge of who calls. Read in this order:

    errors, shapes, model       the tables, and the values
    parameters to lifecycle     a stage each: parameters, permissions, ids, filters,
                                paging, lifecycle; tags and exports, which only their
                                operations ask for
    records, text, envelope     how answers are written
    store, state, account       what is held, and what time does to it
    settings, quirks            what a constructor fixes
    context                     what one call may touch
    operations, service         where the stages meet: all six, and what is before them
    backdoor                    how a test arranges what is held
"""
