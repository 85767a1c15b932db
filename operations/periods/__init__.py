"""The boundary of a billing period: what closes, what opens, what came late."""
