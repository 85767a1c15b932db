"""Who the demo is about: one made-up company for each state a designer needs, by slug.

Owns names, places, people and the sentence each state is described in. Does not own how they came there
(histories.py), which the tests hold against the sentences.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType

from demo.identity import SeededIds
from domain.account import Account, PaymentTerms
from domain.actor import Role, StaffRole
from domain.catalog import Segment
from domain.errors import InvalidInput
from domain.ids import PREFIXES, AccountId, LegalEntityId, UserId, public_id

DEMO_NOW = datetime(2026, 6, 17, 10, 0, tzinfo=UTC)
"""The one instant at which every persona's clock stands."""
_FOUNDED_AT = datetime(2023, 1, 16, 9, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may act for a persona."""

    name: str
    mailbox: str
    role: Role


@dataclass(frozen=True, slots=True)
class Persona:
    """One company of the demo. `slug` is its external id too; `domain` is where its people have their mail."""

    slug: str
    name: str
    state: str
    legal_entity: str
    country: str
    currency: str
    zone: str
    net_days: int
    opened_at: datetime
    domain: str
    people: tuple[Person, ...]
    segment: Segment = Segment.SMB

    @property
    def account_id(self) -> AccountId:
        """The account's id, the same every day."""
        return AccountId(SeededIds(f"account/{self.slug}", self.opened_at).new())

    def user_id(self, role: Role) -> UserId:
        """The id of the person who has this role."""
        return UserId(SeededIds(f"user/{self.slug}/{role}", self.opened_at).new())

    @property
    def users(self) -> Mapping[Role, str]:
        """The public user id of each role, as a token names it."""
        return {role: public_id(PREFIXES["User"], self.user_id(role)) for role in Role}

    def account(self, legal_entity_id: LegalEntityId) -> Account:
        """The account as it is opened: a sandbox on a clock that starts that day."""
        return Account(
            id=self.account_id,
            legal_entity_id=legal_entity_id,
            name=self.name,
            email=f"billing@{self.domain}",
            currency=self.currency,
            zone=self.zone,
            segment=self.segment,
            terms=PaymentTerms(self.net_days),
            clock_at=self.opened_at,
            is_sandbox=True,
            country=self.country,
        )


def _people(viewer: str, billing_admin: str, owner: str) -> tuple[Person, ...]:
    """Three people, each "Full Name <mailbox>", one for each role."""
    people: list[Person] = []
    for text, role in zip((viewer, billing_admin, owner), Role, strict=True):
        name, _, mailbox = text.removesuffix(">").partition(" <")
        people.append(Person(name, mailbox, role))
    return tuple(people)


def _opened(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


PERSONAS: tuple[Persona, ...] = (
    Persona(
        slug="smb-monthly",
        name="Copper Kettle Bakery",
        state="A small company on a monthly Starter plan: everything paid, one open invoice not yet due.",
        legal_entity="US", country="US", currency="USD", zone="America/New_York", net_days=14,
        opened_at=_opened("2025-03-11T14:05:00"), domain="copper-kettle.example",
        people=_people("Bea Lindqvist <bea>", "Tomas Okafor <tomas>", "Marguerite Dole <marguerite>"),
    ),
    Persona(
        slug="annual-midterm",
        name="Lindenhof Architekten",
        state="Half way through a year paid in advance, so a change shows a large credit and a large charge.",
        legal_entity="EU", country="DE", currency="EUR", zone="Europe/Berlin", net_days=30,
        opened_at=_opened("2023-12-14T08:20:00"), domain="lindenhof.example",
        people=_people("Jonas Reuter <reuter>", "Annika Vogt <vogt>", "Friederike Lohse <lohse>"),
    ),
    Persona(
        slug="near-limit",
        name="Ría Azul Viajes",
        state="More than 90 % of its contacts and seats are in use; an override lifts its API calls until 1 July.",
        legal_entity="EU", country="ES", currency="EUR", zone="Europe/Madrid", net_days=14,
        opened_at=_opened("2025-08-21T09:40:00"), domain="ria-azul.example",
        people=_people("Nerea Pazos <nerea>", "Iago Castelo <iago>", "Uxía Lamas <uxia>"),
    ),
    Persona(
        slug="past-due",
        name="High Mesa Outfitters",
        state="An invoice has been unpaid for three weeks: plan changes are blocked, access is not.",
        legal_entity="US", country="US", currency="USD", zone="America/Denver", net_days=15,
        opened_at=_opened("2025-09-10T17:30:00"), domain="high-mesa.example",
        people=_people("Cody Whitehorse <cody>", "Pilar Santos <pilar>", "Dale Brennan <dale>"),
    ),
    Persona(
        slug="enterprise",
        name="Noordzee Logistiek Groep",
        state="An enterprise contract of 24 months with two products: it runs on for over a year, less has to wait.",
        legal_entity="EU", country="NL", currency="EUR", zone="Europe/Amsterdam", net_days=60,
        opened_at=_opened("2025-08-25T07:15:00"), domain="noordzee-logistiek.example",
        people=_people("Femke de Wit <f.dewit>", "Ruben Aerts <r.aerts>", "Saskia Hoogland <s.hoogland>"),
        segment=Segment.ENTERPRISE,
    ),
    Persona(
        slug="yen",
        name="星野文具店 Hoshino Stationery",
        state="Billed in yen, which have no decimals, from the last day of one month to the last of the next.",
        legal_entity="US", country="JP", currency="JPY", zone="Asia/Tokyo", net_days=30,
        opened_at=_opened("2025-08-29T01:10:00"), domain="hoshino.example",
        people=_people("Haruka Mori <mori>", "Kenji Tanabe <tanabe>", "Sachiko Hoshino <hoshino>"),
    ),
    Persona(
        slug="dinar",
        name="Al Safat Dental Care",
        state="Billed in Kuwaiti dinars, which have three decimals, with unit prices finer than a fils.",
        legal_entity="EU", country="KW", currency="KWD", zone="Asia/Kuwait", net_days=14,
        opened_at=_opened("2025-05-04T06:25:00"), domain="alsafat-dental.example",
        people=_people("Dalal Al-Mutairi <dalal>", "Yousef Behbehani <yousef>", "Noura Al-Sabti <noura>"),
    ),
    Persona(
        slug="old-customer",
        name="Prairie Sound Studio",
        state="Three years of monthly invoices, on an early version of one plan and on another no longer for sale.",
        legal_entity="US", country="US", currency="USD", zone="America/Chicago", net_days=10,
        opened_at=_opened("2023-05-30T16:45:00"), domain="prairie-sound.example",
        people=_people("Ellis Grant <ellis>", "Ruth Novak <ruth>", "Walter Amadi <walter>"),
    ),
    Persona(
        slug="trial",
        name="Atelier Marceau",
        state="In the middle of a trial of 14 days: everything works, nothing has been charged.",
        legal_entity="EU", country="FR", currency="EUR", zone="Europe/Paris", net_days=14,
        opened_at=_opened("2026-06-10T07:50:00"), domain="atelier-marceau.example",
        people=_people("Lucie Fabre <lucie>", "Hugo Perrin <hugo>", "Camille Marceau <camille>"),
    ),
    Persona(
        slug="trial-ending",
        name="Lakefront Cycles",
        state="A trial with two days left: it has been announced, and the stored card will be charged.",
        legal_entity="US", country="US", currency="USD", zone="America/Chicago", net_days=0,
        opened_at=_opened("2026-06-05T15:20:00"), domain="lakefront-cycles.example",
        people=_people("Priya Raman <priya>", "Owen Maki <owen>", "Joan Delacroix <joan>"),
    ),
    Persona(
        slug="blocked",
        name="Cantera Muebles",
        state="Its card has been declined four times in 16 days: reminders were sent, and plan changes are blocked.",
        legal_entity="US", country="MX", currency="USD", zone="America/Mexico_City", net_days=14,
        opened_at=_opened("2026-01-18T16:10:00"), domain="cantera-muebles.example",
        people=_people("Lorena Quiroz <lorena>", "Emilio Barragan <emilio>", "Ximena Cantera <ximena>"),
    ),
    Persona(
        slug="metered",
        name="Kilbride Parcel Post",
        state="Pays for e-mails, calls and payments by use, with Irish tax: last month is a draft until midnight.",
        legal_entity="EU", country="IE", currency="EUR", zone="Europe/Dublin", net_days=7,
        opened_at=_opened("2026-02-17T10:15:00"), domain="kilbride-parcel.example",
        people=_people("Aoife Brennan <aoife>", "Ciaran Duffy <ciaran>", "Nuala Kilbride <nuala>"),
    ),
    Persona(
        slug="corrections",
        name="Tidewater Print Co.",
        state="Every correction there is: a credit, a void and reissued invoice, a refund, one written off.",
        legal_entity="US", country="US", currency="USD", zone="America/New_York", net_days=14,
        opened_at=_opened("2025-12-05T15:35:00"), domain="tidewater-print.example",
        people=_people("Grace Holloway <grace>", "Marcus Pell <marcus>", "Edith Tidewater <edith>"),
    ),
    Persona(
        slug="cancelling",
        name="Harbour Lane Yoga",
        state="Cancelled for the end of its period, 30 June: everything works until then, and it may be taken back.",
        legal_entity="SG", country="NZ", currency="USD", zone="Pacific/Auckland", net_days=14,
        opened_at=_opened("2026-05-29T21:10:00"), domain="harbour-lane.example",
        people=_people("Mere Tautahi <mere>", "Ewan Ferris <ewan>", "Odette Marsh <odette>"),
    ),
    Persona(
        slug="scheduled-downgrade",
        name="Baan Rim Nam Tours",
        state="Went up early in June and goes down again on the 28th: three lost features are confirmed, it may undo.",
        legal_entity="SG", country="TH", currency="USD", zone="Asia/Bangkok", net_days=14,
        opened_at=_opened("2026-05-28T02:20:00"), domain="baan-rim-nam.example",
        people=_people("Ploy Suksawat <ploy>", "Anan Rattana <anan>", "Malee Chaiyo <malee>"),
    ),
    Persona(
        slug="approval-pending",
        name="Hangang Logistics",
        state="An enterprise under contract that asks for more seats and contacts: finance has yet to answer.",
        legal_entity="SG", country="KR", currency="USD", zone="Asia/Seoul", net_days=30,
        opened_at=_opened("2026-05-04T00:30:00"), domain="hangang-logistics.example",
        people=_people("Yuna Seo <y.seo>", "Jihoon Baek <j.baek>", "Minseo Han <m.han>"),
        segment=Segment.ENTERPRISE,
    ),
    Persona(
        slug="awaiting-payment",
        name="Isla Verde Dive Center",
        state="An upgrade waits for its bank to be satisfied: nothing has changed until the payment is confirmed.",
        legal_entity="SG", country="PH", currency="USD", zone="Asia/Manila", net_days=0,
        opened_at=_opened("2026-05-06T01:40:00"), domain="isla-verde.example",
        people=_people("Rosa Villanueva <rosa>", "Paolo Dizon <paolo>", "Ligaya Cruz <ligaya>"),
    ),
    Persona(
        slug="agreed-terms",
        name="Sông Hương Textiles",
        state="Has terms of its own: locked prices, 15 % off, 60 days of notice for less, and a cap on a period.",
        legal_entity="SG", country="VN", currency="USD", zone="Asia/Ho_Chi_Minh", net_days=30,
        opened_at=_opened("2026-03-04T03:05:00"), domain="song-huong.example",
        people=_people("Lan Pham <lan>", "Quang Do <quang>", "Thuy Nguyen <thuy>"),
    ),
    Persona(
        slug="ramp",
        name="Gamelan Retail Group",
        state="An enterprise that grows by plan: its first step is taken, two more come in September and December.",
        legal_entity="SG", country="ID", currency="USD", zone="Asia/Jakarta", net_days=30,
        opened_at=_opened("2026-04-30T04:15:00"), domain="gamelan-retail.example",
        people=_people("Dewi Lestari <d.lestari>", "Bima Santoso <b.santoso>", "Ratna Wibowo <r.wibowo>"),
        segment=Segment.ENTERPRISE,
    ),
    Persona(
        slug="empty",
        name="Moss & Tern Ceramics",
        state="Opened this morning: no subscription, no invoice, no usage.",
        legal_entity="US", country="NZ", currency="USD", zone="Pacific/Auckland", net_days=14,
        opened_at=_opened("2026-06-16T20:50:00"), domain="moss-and-tern.example",
        people=_people("Aroha Pene <aroha>", "Kit Lawson <kit>", "Imogen Tane <imogen>"),
    ),
)  # fmt: skip

BY_SLUG: Mapping[str, Persona] = MappingProxyType({persona.slug: persona for persona in PERSONAS})


def persona_of(slug: str) -> Persona:
    """The persona called `slug`. Raises InvalidInput that lists those there are."""
    found = BY_SLUG.get(slug)
    if found is None:
        raise InvalidInput(("persona",), f"There is no persona “{slug}”; there are: {', '.join(BY_SLUG)}.", slug)
    return found


def staff_user_of(role: StaffRole) -> UserId | None:
    """Who of the vendor's own people has this role; jobs are nobody."""
    return None if role is StaffRole.SYSTEM else UserId(SeededIds(f"staff/{role}", _FOUNDED_AT).new())


def user_of(slug: str, role: Role) -> UserId:
    """Who acts for a persona in a role. Raises InvalidInput for an unknown slug."""
    return persona_of(slug).user_id(role)
