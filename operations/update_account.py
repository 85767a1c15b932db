"""Change an account's own data: name, addresses, country, tax id, exemption, time zone.

What was invoiced keeps what it says; a zone moves only the boundaries that are not reached yet.
"""
