"""How often the worker looks, how much it takes at once, and how patient it is.

Owns the numbers and the growing delay between tries. Does not own where they come from (settings, tests).
"""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The worker's numbers. Times are real seconds."""

    look_s: float = 5.0
    """Between two looks for what is due; also the longest that a job which became ready goes unseen."""
    batch_accounts: int = 200
    """Accounts in one job."""
    waiting_accounts: int = 20_000
    """So many wait in the queue at most; the next look sees the rest, which is still due."""
    jobs_at_once: int = 2
    """Jobs that one worker has under way: while one waits for the database, the other computes."""
    heartbeat_s: float = 30.0
    """A job whose worker has not been heard of for so long is another's."""
    tries: int = 10
    """An account that fails so often is held until somebody asks for it."""
    first_delay_s: float = 30.0
    longest_delay_s: float = 3600.0
    log_days: int = 30
    """How long the queue's own notes of jobs that are gone are kept."""
    facts_days: int = 90
    """How long it is kept what a decision looked at; the decision itself stays."""

    tend_after_s: float = 60.0
    """How long after its start a worker first tends the months of usage."""
    tend_s: float = 3600.0
    """Between two times that it does."""

    def delay(self, failures: int) -> timedelta:
        """How long an account rests after its n-th failure in a row: twice as long each time, up to an hour.

        Ten tries take some three hours: 30 s, 1, 2, 4, 8, 16 and 32 minutes, then hours.
        """
        return timedelta(seconds=min(self.first_delay_s * 2 ** (failures - 1), self.longest_delay_s))
