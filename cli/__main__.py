"""`python -m cli` is `billing`, for where no console script is installed."""

import sys

from cli.main import main

sys.exit(main())
