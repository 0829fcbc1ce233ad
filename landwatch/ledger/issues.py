"""What the reader says of a file: issues, refused rows, and a tally that adds up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from landwatch.language.catalogue import say, says
from landwatch.language.records import Record


class Severity(StrEnum):
    """Whether the row was refused, taken with a remark, or set aside as none of the ledger."""

    REFUSED = "refused"
    REMARK = "remark"
    ASIDE = "aside"


class IssueCode(StrEnum):
    """The permanent code of each thing that may be wrong; its words are `ledger.issue.<code>`."""

    # the row as a whole
    MISSING_REQUIRED = "missing_required"
    NO_KEY = "no_key"
    TOTAL_ROW = "total_row"
    NOTE_ROW = "note_row"
    HEADING_ROW = "heading_row"
    COLUMN_NUMBERS = "column_numbers"
    HEADER_REPEATED = "header_repeated"
    SHIFTED_ROW = "shifted_row"
    TOO_MANY_CELLS = "too_many_cells"
    DUPLICATE_ROW = "duplicate_row"
    KEY_REPEATED = "key_repeated"
    EVENT_REPEATED = "event_repeated"
    NUMBER_TWICE = "number_twice"
    KEY_MADE = "key_made"
    SOURCE_ASSUMED = "source_assumed"
    # a row of a report that was mended
    KEY_KEPT = "key_kept"
    KEY_LEFT = "key_left"
    NUMBER_HELD = "number_held"
    CELL_EMPTIED = "cell_emptied"
    ROW_MISPLACED = "row_misplaced"
    ROW_COPIED = "row_copied"
    NUMBER_EMPTIED = "number_emptied"
    KEY_STAYS = "key_stays"
    OUTLINE_NOT_CARRIED = "outline_not_carried"
    # a cell
    BAD_DATE = "bad_date"
    PARTIAL_DATE = "partial_date"
    DATE_OUT_OF_RANGE = "date_out_of_range"
    SENTINEL_DATE = "sentinel_date"
    SERIAL_DATE = "serial_date"
    DATE_AHEAD = "date_ahead"
    BAD_NUMBER = "bad_number"
    SEVERAL_VALUES = "several_values"
    FOOTNOTE_MARK = "footnote_mark"
    PLACEHOLDER_KEY = "placeholder_key"
    NEGATIVE_NUMBER = "negative_number"
    NUMBER_OUT_OF_RANGE = "number_out_of_range"
    NOT_WHOLE = "not_whole"
    SHARE_OVER_ONE = "share_over_one"
    UNIT_IN_CELL = "unit_in_cell"
    ZERO_AREA = "zero_area"
    ZERO_PRICE = "zero_price"
    ZERO_TERM = "zero_term"
    BAD_YES_NO = "bad_yes_no"
    BAD_CODE = "bad_code"
    LOST_DIGITS = "lost_digits"
    EXCEL_ERROR = "excel_error"
    CELL_TOO_LONG = "cell_too_long"
    BAD_CREDIT_CODE = "bad_credit_code"
    NO_CREDIT_CODE = "no_credit_code"
    MARKED_UNREADABLE = "marked_unreadable"
    MARK_UNKNOWN = "mark_unknown"
    # two cells that disagree
    FAR_CROSSED = "far_crossed"
    AREAS_DISAGREE = "areas_disagree"
    AREAS_ROUNDED = "areas_rounded"
    DATES_OUT_OF_ORDER = "dates_out_of_order"
    AGREED_BEFORE_SIGNING = "agreed_before_signing"
    ENDS_BEFORE_BEGINNING = "ends_before_beginning"
    PRICE_IMPLAUSIBLE = "price_implausible"
    TERM_IMPLAUSIBLE = "term_implausible"
    AREA_IMPLAUSIBLE = "area_implausible"
    # many rows together, and divisions
    ADCODE_LENGTH = "adcode_length"
    ADCODE_UNKNOWN = "adcode_unknown"
    ADCODE_ABOLISHED = "adcode_abolished"
    ADCODE_DISAGREES = "adcode_disagrees"
    DIVISION_ABOLISHED = "division_abolished"
    DIVISION_MUNICIPAL = "division_municipal"
    DIVISION_CORPS = "division_corps"
    DIVISION_CODE = "division_code"
    PRICE_ABOVE_MEDIAN = "price_above_median"
    PRICE_BELOW_MEDIAN = "price_below_median"
    PRICE_TOKEN = "price_token"
    PRICE_FREE = "price_free"
    SAME_CONTENT = "same_content"
    NEAR_DUPLICATE = "near_duplicate"
    NEAR_IN_LEDGER = "near_in_ledger"
    FAR_COLUMNS_CROSSED = "far_columns_crossed"
    FAR_NAMES_EXCHANGED = "far_names_exchanged"
    BAD_TENURE = "bad_tenure"
    TENURE_IMPLAUSIBLE = "tenure_implausible"
    TENURE_END_TOLD = "tenure_end_told"
    TENURE_OPEN = "tenure_open"
    INSTALMENTS_KEPT = "instalments_kept"
    LAND_SOURCE_NUMBERS = "land_source_numbers"
    POINTS_KEPT = "points_kept"
    # a geometry
    BAD_GEOMETRY = "bad_geometry"
    EMPTY_GEOMETRY = "empty_geometry"
    NOT_AN_AREA = "not_an_area"
    INVALID_GEOMETRY = "invalid_geometry"
    GEOMETRY_REPAIRED = "geometry_repaired"
    REPAIR_NOT_MADE = "repair_not_made"
    DRAWN_AREA_DISAGREES = "drawn_area_disagrees"
    GRANTED_AREA_DISAGREES = "granted_area_disagrees"
    SLIVER = "sliver"
    OUTLINES_OVERLAP = "outlines_overlap"
    OVERLAP_STRIPS = "overlap_strips"
    OVERLAPS_UNTRIED = "overlaps_untried"
    SAME_OUTLINE = "same_outline"
    OUTSIDE_ZONE = "outside_zone"
    ZONE_NOT_DRAWN = "zone_not_drawn"
    OUTLINE_MISSING = "outline_missing"
    OUTSIDE_CHINA = "outside_china"
    BELT_DISAGREES = "belt_disagrees"
    BELT_UNCLEAR = "belt_unclear"
    BOUNDARY_LINE = "boundary_line"
    BOUNDARY_POINTS_MISSING = "boundary_points_missing"
    BOUNDARY_COUNT = "boundary_count"
    BOUNDARY_CLOSING = "boundary_closing"
    GEOMETRY_WITHOUT_CRS = "geometry_without_crs"
    # the file, once
    KEY_FROM_SOURCE = "key_from_source"
    HEADER_TWICE = "header_twice"
    HEADER_GAP = "header_gap"
    SOURCE_ID_REPEATS = "source_id_repeats"
    AREA_UNIT_UNCLEAR = "area_unit_unclear"
    RATE_UNIT_UNCLEAR = "rate_unit_unclear"
    UNKNOWN_UNIT = "unknown_unit"
    ROUNDED_CONVERSION = "rounded_conversion"
    WGS84_TAKEN = "wgs84_taken"
    OLD_DATUM = "old_datum"
    CRS_OVERRIDDEN = "crs_overridden"
    CURE_APPLIED = "cure_applied"
    GCJ02_LOOKALIKE = "gcj02_lookalike"
    BD09_LOOKALIKE = "bd09_lookalike"
    SHIFT_LOOKALIKE = "shift_lookalike"
    OUTSIDE_DIVISION = "outside_division"
    ENCODING_CORRECTED = "encoding_corrected"
    SHEET_SKIPPED = "sheet_skipped"
    SOURCE_OPEN = "source_open"
    SHEET_OTHER_KIND = "sheet_other_kind"
    MAPPING_USED = "mapping_used"
    MAPPING_ABSENT = "mapping_absent"
    UNITS_ABOVE = "units_above"
    UNITS_DISAGREE = "units_disagree"
    CELLS_MERGED = "cells_merged"
    ROWS_HIDDEN = "rows_hidden"
    FORMULA_WITHOUT_VALUE = "formula_without_value"
    SHEET_HIDDEN = "sheet_hidden"
    MEMBER_SKIPPED = "member_skipped"
    ADAPTER_USED = "adapter_used"
    ADAPTER_BROKEN = "adapter_broken"
    NOT_OUTLINES = "not_outlines"


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that is wrong, at its place in the file; `row` as a person counts them in Excel.

    `row` is None where it speaks of the whole file or sheet, `column` is the source's own header.
    """

    code: IssueCode
    severity: Severity
    file: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None
    values: Mapping[str, object] = field(default_factory=dict)

    def in_words(self, lang: str) -> str:
        """Return what is wrong and what to do, in `lang`."""
        filled = {name: _in_lang(value, lang) for name, value in self.values.items()}
        refused = self.severity is Severity.REFUSED
        filled["taken"] = say("ledger.taken.refused" if refused else "ledger.taken.cell", lang)
        filled["blank"] = say("ledger.taken.refused" if refused else "ledger.taken.blank", lang)
        filled.setdefault("column", self.column or "")
        filled.setdefault("value", self.value or "")
        return say(f"ledger.issue.{self.code}", lang, **filled)


def _in_lang(value: object, lang: str) -> object:
    """Return a value that is itself a key of the catalogue in `lang`, others as they are."""
    if isinstance(value, str) and value.startswith(("ledger.", "file.")) and says(value):
        return say(value, lang)
    return value


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that was not taken: its cells whole, by the source's headers, to be mended."""

    sheet: str | None
    row: int
    cells: Mapping[str, str]
    issues: tuple[Issue, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of the file, understood."""

    records: list[Record]
    issues: list[Issue]
    refused: list[RefusedRow]


@dataclass(slots=True)
class Tally:
    """How many rows became what; counted while the batches are read, whole when they are spent.

    `rows` = `accepted` + `accepted_with_remarks` + `refused` + `set_aside` (totals, notes, headings
    within the table); rows without a single told cell are `blank` and counted beside them.
    `duplicates` are among those accepted with remarks; `untouched` are the rows of a report that
    nobody mended, whatever became of them.
    """

    rows: int = 0
    accepted: int = 0
    accepted_with_remarks: int = 0
    refused: int = 0
    set_aside: int = 0
    duplicates: int = 0
    blank: int = 0
    untouched: int = 0
    by_code: Counter[str] = field(default_factory=Counter)

    @property
    def adds_up(self) -> bool:
        """Tell whether every row is accounted for exactly once."""
        kept = self.accepted + self.accepted_with_remarks
        return self.rows == kept + self.refused + self.set_aside
