"""The life of a subscription: begun, ended, interrupted, gone on with."""
