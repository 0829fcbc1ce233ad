"""What may be expected to come regularly: each source of progress, and the other kinds of ledger.

A source is written as `progress:holder_report`, or as a kind of ledger: `contracts`. Progress is
reported of each contract and seen on a day; another kind comes as a whole file.
"""

from __future__ import annotations

from landwatch.language.catalogue import say
from landwatch.language.columns import Kind
from landwatch.language.terms import ProgressSource

OF_PROGRESS: dict[str, ProgressSource] = {
    f"{Kind.PROGRESS}:{source}": source for source in ProgressSource
}
AS_FILES: dict[str, Kind] = {
    str(kind): kind for kind in (Kind.EVENTS, Kind.CONTRACTS, Kind.PARCELS, Kind.ZONES)
}
SOURCES: tuple[str, ...] = (*OF_PROGRESS, *AS_FILES)


def source_in_words(source: str, lang: str) -> str:
    """Return what a source is called in `lang`; one that is not known stays as it is.

    >>> source_in_words("progress:holder_report", "zh"), source_in_words("contracts", "en")
    ('企业填报进度', 'contracts')
    """
    if source in OF_PROGRESS:
        return say("source.progress", lang, of=OF_PROGRESS[source].in_words(lang))
    return say(f"source.{source}", lang) if source in AS_FILES else source
