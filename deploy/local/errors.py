"""The one error of the local stack."""


class StackError(Exception):
    """Something that a person can mend; the text says what it is and how."""
