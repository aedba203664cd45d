"""`python -m services.router`: one process of router."""

from services.router.app import main

main()
