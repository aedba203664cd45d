"""`python -m services.followup`: one process of followup."""

from services.followup.app import main

main()
