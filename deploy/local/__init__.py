"""The local stack: real Kafka, PostgreSQL and Zipkin without containers and without root."""
