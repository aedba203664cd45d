"""intake: accepts complaints over HTTP and from upstream systems, and tells those systems how they stand."""
