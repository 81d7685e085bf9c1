"""The semantics of the export-image-task API.

Its law: the standard library only, no clock, no randomness, no I/O, nothing global,
and no knowledge of who calls. Read in this order: `errors`, `shapes`, `model`, then a
stage each for `parameters`, `permissions`, `ids`, `filters`, `paging`, `lifecycle`,
then `store`, `account` and `operations`, where the stages meet.
"""
