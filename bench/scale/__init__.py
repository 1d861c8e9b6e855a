"""What grows with what: consumers of a group, relays, brokers, days of inbox."""
