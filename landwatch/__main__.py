"""`python -m landwatch` is the command line."""

from landwatch.cli import main

if __name__ == "__main__":
    main()
