"""`python -m nbinterp` is the command line."""

from nbinterp.cli import main

raise SystemExit(main())
