"""Exchange owns how outside systems reach Samvirke: here, the mailboxes as an HTTP feed.

It hears nothing yet and tells nothing yet: it reads the mailbox topics, which every service's relay writes, and shows
each to the one system that it belongs to.
"""
