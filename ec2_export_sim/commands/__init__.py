"""The commands of `ec2-export-sim`, one module each, which `cli` imports when called.

Each has `add_arguments(parser)` and `run(arguments)`, which returns the exit status and
raises ValueError for wrong usage.

    describe       describe-export-image-tasks, with the AWS CLI's flags
    serve          the WSGI application on a port
    conformance    the kit against a target; the only one that imports it
    rules          the rules, printed

`shorthand` reads the AWS CLI's shorthand, `sample` is the built-in account.
"""
