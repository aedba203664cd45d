"""`python -m services.escalation`: one process of escalation."""

from services.escalation.app import main

main()
