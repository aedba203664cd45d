"""The people outside: departments, the centre, visit desks and upstream systems, who meet the system at its topics."""
