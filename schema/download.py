"""Documents as files, by a link that works for a few minutes."""

import strawberry

from resolvers.downloads.links import DownloadFormat
from schema.base import stored
from schema.enums import described
from schema.scalars import DateTime

described(
    DownloadFormat,
    "What a document is downloaded as.",
    PDF="As it is printed.",
    CSV="Its lines, for a spreadsheet or a program.",
)


@strawberry.type(description="A link to a file. It needs no token, so it is not for passing on; it works for minutes.")
class Download:
    url: str = stored("Where to fetch it. A path alone is one of this gateway.")
    expires_at: DateTime = stored("Until when it works.")
