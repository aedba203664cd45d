"""Everything that speaks to Kafka: records in, what partitions and groups look like, topics as the table says."""
