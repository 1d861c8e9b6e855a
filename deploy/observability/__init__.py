"""What an operator of the containers sees: rules and targets of Prometheus, written from what they are about."""
