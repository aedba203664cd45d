"""router: who handles a complaint, by when, and which of their replies are legal."""
