"""The rules of persons: what a CPR number is, how ids merge, what a read may show. No I/O."""
