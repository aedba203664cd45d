"""Runs the command line as `python -m closedloop`."""

from closedloop.app import app

app(prog_name="closedloop")
