"""What the services, the upstream systems and the departments say to each other: facts, edge messages, policies, topics."""
