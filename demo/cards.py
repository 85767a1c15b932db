"""Three of the sandbox's published test cards, as the stories call them."""

GOOD_CARD = "4242 4242 4242 4242"
"""Every charge succeeds."""
EMPTY_CARD = "4000 0000 0000 9995"
"""Every charge is declined."""
ASKING_CARD = "4000 0000 0000 3154"
"""Every charge asks its customer to act first."""
