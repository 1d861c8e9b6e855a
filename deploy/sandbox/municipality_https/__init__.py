"""A municipality's system that speaks nothing but outbound HTTPS: the example to copy."""
