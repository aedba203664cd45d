"""What the services, upstream systems and departments say to each other: facts, edge messages, policies, topics."""
