"""The teller hears nothing."""
