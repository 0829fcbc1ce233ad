"""The enumerations of the ledger; their names in both languages stand in `words/terms.yaml`.

A member's value is the permanent code that files and findings carry (ledger.md).
"""

from __future__ import annotations

from enum import StrEnum

from landwatch.language.catalogue import say


class Term(StrEnum):
    """A code with a name in each language."""

    def in_words(self, lang: str) -> str:
        """Return the term's name in `lang`.

        >>> Status.BREACH.in_words("en")
        'breach'
        """
        return say(f"{self.family()}.{self.value}", lang)

    @classmethod
    def family(cls) -> str:
        """Return the prefix of this enumeration's keys in the catalogue."""
        name = cls.__name__
        return "".join(
            f"_{c.lower()}" if c.isupper() and i else c.lower() for i, c in enumerate(name)
        )


class Status(Term):
    """What a rule says of a contract on a day; exactly one for each contract and adopted rule."""

    NOT_APPLICABLE = "not_applicable"
    NOT_DUE = "not_due"
    DUE_SOON = "due_soon"
    COMPLIANT = "compliant"
    BREACH = "breach"
    EXEMPT = "exempt"
    UNKNOWN = "unknown"


SPEAKING = (Status.BREACH, Status.DUE_SOON, Status.EXEMPT, Status.UNKNOWN)
"""The outcomes that somebody has to look at; the others are quiet."""


class Gravity(Term):
    """How grave an outcome is, gravest first: the order of colours, lists and `--fail-on`."""

    BREACH = "breach"
    TO_VERIFY = "to_verify"
    DUE_SOON = "due_soon"
    EXEMPT = "exempt"
    UNKNOWN = "unknown"
    NOT_DUE = "not_due"
    COMPLIANT = "compliant"
    NOT_APPLICABLE = "not_applicable"

    @classmethod
    def of(cls, status: str, to_verify: bool) -> Gravity:
        """Return the gravity of an outcome.

        >>> Gravity.of("unknown", True) < Gravity.of("due_soon", False)
        True
        """
        return cls.TO_VERIFY if to_verify and status == Status.UNKNOWN else cls(status)

    @property
    def rank(self) -> int:
        """Return the place in the order, 0 the gravest."""
        return list(type(self)).index(self)

    def __lt__(self, other: str) -> bool:
        """Graver comes first."""
        return self.rank < Gravity(other).rank


class Instrument(Term):
    """How the land was supplied (供地方式)."""

    GRANT = "grant"
    ALLOCATION = "allocation"
    LEASE = "lease"
    CONTRIBUTION = "contribution"


class ZoneLevel(Term):
    """The level of a park; a person enters it, it is never guessed (AMB-17)."""

    NATIONAL = "national"
    PROVINCIAL = "provincial"
    COUNTY = "county"


class ContractForm(Term):
    """The model form that a contract follows (CON-01, CON-13, CON-14)."""

    SUPPLEMENT_2006 = "supplement_2006"
    FORM_2008 = "form_2008"
    FORM_NEWER = "form_newer"


class FormerLand(Term):
    """What the land was before it was approved for building (Land Administration Law)."""

    CULTIVATED = "cultivated"
    OTHER_FARMLAND = "other_farmland"
    CONSTRUCTION = "construction"
    UNUSED = "unused"


class Cause(Term):
    """Why a start was delayed: Order 53 Art. 8 (G1–G6, FM), Real Estate Law Art. 26 (P)."""

    G1 = "G1"
    G2 = "G2"
    G3 = "G3"
    G4 = "G4"
    G5 = "G5"
    G6 = "G6"
    FM = "FM"
    P = "P"


class Stage(Term):
    """The stage of a project, in the words of the parks' reports."""

    PLANNED = "planned"
    LEVELLED = "levelled"
    UNDER_CONSTRUCTION = "under_construction"
    HALTED_BUILDING = "halted_building"
    TRIAL_RUN = "trial_run"
    IN_PRODUCTION = "in_production"
    HALTED_PRODUCTION = "halted_production"


class Foundation(Term):
    """The kind of foundation that decides when building has started (Order 53 Art. 30)."""

    DEEP_PIT = "deep_pit"
    PILES = "piles"
    DEEP_PIT_PILES = "deep_pit+piles"
    OTHER = "other"


class ProgressSource(Term):
    """Who saw it; the order in which reports of one day speak, the first the strongest."""

    INSPECTION = "inspection"
    PERMIT_SYSTEM = "permit_system"
    REMOTE_SENSING = "remote_sensing"
    STATISTICS = "statistics"
    HOLDER_REPORT = "holder_report"

    @property
    def strength(self) -> int:
        """Return how strongly it speaks, from 1: of one day's reports, the strongest decides."""
        return len(ProgressSource) - list(ProgressSource).index(self)


class Rhythm(Term):
    """How often a source is expected to report: a person's choice, never a number of the law."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"


class Standing(Term):
    """How a source that is expected to report stands on a day."""

    LATE = "late"
    LAST_DAY = "last_day"
    COMPLETE = "complete"
    NOBODY = "nobody"
    NOT_DUE = "not_due"


class EventKind(Term):
    """What happened to a contract."""

    AMENDMENT = "amendment"
    DELIVERY = "delivery"
    DELAY = "delay"
    BOND_DEPOSIT = "bond_deposit"
    BOND_REFUND = "bond_refund"
    BOND_FORFEIT = "bond_forfeit"
    PAYMENT = "payment"
    MORTGAGE = "mortgage"
    SEIZURE = "seizure"
    TRANSFER = "transfer"
    SUPPORT_CUT = "support_cut"
    URGE = "urge"
    DETERMINATION = "determination"
    INABILITY = "inability"


class Remedy(Term):
    """What the clause lets the bureau do; never done by software."""

    CHARGE_IDLE_FEE = "charge_idle_fee"
    RECLAIM = "reclaim"
    NEGOTIATE_DISPOSAL = "negotiate_disposal"
    CONTRACT_PENALTY = "contract_penalty"
    RECTIFY = "rectify"
    URGE = "urge"
    RECOVER_BY_AGREEMENT = "recover_by_agreement"
    ORDER_TO_START = "order_to_start"
    TERMINATE_CONTRACT = "terminate_contract"
    REPORT = "report"
    END_ENTRY = "end_entry"
    REFUND_DUE = "refund_due"
    CUT_SUPPORT = "cut_support"


class Authority(Term):
    """What force a policy has; drafts and press reports are never darker than law on the map."""

    LAW = "law"
    RULE = "rule"
    LOCAL = "local"
    CONTRACT = "contract"
    REPORTED = "reported"
    DRAFT = "draft"


class PolicyClass(Term):
    """The ten classes of the policy library; six are named by the Harbin seed, four are land's."""

    LAND_LAW = "land_law"
    LAND_CONTRACT = "land_contract"
    CONTROL_INDICATORS = "control_indicators"
    EVALUATION = "evaluation"
    ZONE_INCENTIVES = "zone_incentives"
    TAXATION = "taxation"
    FISCAL = "fiscal"
    FOREIGN_INVESTMENT = "foreign_investment"
    BORDER_TRADE = "border_trade"
    HIGH_TECH = "high_tech"


class AuditVerdict(Term):
    """What a person who checked an outcome of a random sample says of it."""

    RIGHT = "right"
    WRONG = "wrong"
    CANNOT_SAY = "cannot_say"


class AuditCause(Term):
    """Why an outcome that was checked is wrong."""

    DATA_WRONG = "data_wrong"
    LAW_MISREAD = "law_misread"
    RULE_ERROR = "rule_error"
    STALE = "stale"
    OTHER = "other"


class AuditClass(Term):
    """What an outcome says, as a sample is drawn: each is wrong in another way."""

    ACCUSED = "accused"
    ATTENTION = "attention"
    QUIET = "quiet"
    ASIDE = "aside"
