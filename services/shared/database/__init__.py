"""Everything that speaks to MongoDB: documents, how they are written and read back, leases, the server's time."""
