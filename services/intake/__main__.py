"""`python -m services.intake`: one process of intake."""

from services.intake.app import main

main()
