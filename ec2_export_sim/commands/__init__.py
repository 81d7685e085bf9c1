"""The commands of `ec2-export-sim`, one module each.

Each has `add_arguments(parser)` and `run(arguments)`, which returns the exit status and
raises ValueError for wrong usage. Importing a command needs no extra.

    describe       describe-export-image-tasks, with the AWS CLI's flags
    serve          the simulator on a port
    conformance    the conformance suite against a target
    rules          the rules, printed

`shorthand` reads the AWS CLI's shorthand, `explain` says why a task is not in the
answer, `caller` has the options for policies, `files` reads recorded lists, `output`
handles the standard streams, and `sample` is the built-in account.
"""
