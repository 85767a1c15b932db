"""Open a sandbox account on a clock of its own. Its external id is the key: asked twice, there is one.
"""
