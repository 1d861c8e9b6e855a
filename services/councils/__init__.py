"""Councils owns the kredsraad of the police district, its eleven lokalraad and their yearly samarbejdsplan.

It hears nothing: its facts come from the secretariat over HTTP. It tells when a council is established and when a plan
is published, and it shows published plans to everyone, without login, as JSON and as a page.
"""
