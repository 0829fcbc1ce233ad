"""`python -m landwatch.cli` is the command line too."""

from landwatch.cli import main

main()
