"""`python -m loadstone.cli` is `loadstone`."""

from loadstone.cli import main

main(prog_name="loadstone")
