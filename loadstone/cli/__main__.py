"""`python -m loadstone.cli` is `loadstone`."""

from loadstone.cli import main

if __name__ == "__main__":
    main(prog_name="loadstone")
