"""Makes `python -m ec2_export_sim` the command `ec2-export-sim`."""

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())
