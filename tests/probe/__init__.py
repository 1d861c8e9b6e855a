"""A small pair of services on the chassis, `teller` and `hearer`, for proofs, faults and measurements.

`teller` writes notes by command and tells of them; `hearer` counts what it hears. Neither belongs to Samvirke.
"""
