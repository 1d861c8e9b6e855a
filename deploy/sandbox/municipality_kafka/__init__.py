"""A municipality's system that reads its mailbox from Kafka: the example to copy."""
