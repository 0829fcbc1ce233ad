"""Which pages of `docs/` are made, and how: whole pages, and the marked parts of others."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from landwatch.language.catalogue import say
from landwatch.lawbook.policy import Policy
from landwatch.lawbook.reference import lists
from landwatch.lawbook.reference.language import BLOCKS
from landwatch.lawbook.reference.policies import overview, policy_section
from landwatch.lawbook.reference.railroad import railroad

ENDINGS = {"zh": "", "en": ".en"}
_BLOCK = re.compile(r"<!-- made: (?P<name>[\w-]+) -->\n.*?<!-- end -->", flags=re.DOTALL)


def pages(policies: Mapping[str, Policy], kept: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """Yield every made page: its name in `docs/` and what it should hold.

    Args:
        policies: the shelf.
        kept: returns a page as it is kept, for those of which only marked parts are made.
    """
    for lang, ending in ENDINGS.items():
        yield f"reference{ending}.md", reference(policies, lang)
        page = f"rule-language{ending}.md"
        yield page, renewed(kept(page), lang)
        yield f"grammar{ending}.svg", railroad(lang)


def renewed(page: str, lang: str) -> str:
    r"""Return a page with each marked part made anew; the prose around them stays.

    >>> renewed("a\n<!-- made: sorts -->\nold\n<!-- end -->\nb", "en").count("old")
    0
    """
    return _BLOCK.sub(lambda found: _block(found["name"], lang), page)


def _block(name: str, lang: str) -> str:
    return f"<!-- made: {name} -->\n{BLOCKS[name](lang)}\n<!-- end -->"


def reference(policies: Mapping[str, Policy], lang: str) -> str:
    """Return the reference: policies and rules, then the lists."""
    rules = sum(len(policy.rules) for policy in policies.values())
    counted = say("reference.policies_words", lang, policies=len(policies), rules=rules)
    sections: dict[str, list[str]] = {
        "policies": [
            counted,
            overview(policies, lang),
            *(policy_section(policy, lang) for policy in policies.values()),
        ],
        "statuses": [say("reference.statuses_words", lang), lists.statuses(lang)],
        "reasons": [say("reference.reasons_words", lang), lists.reasons(lang)],
        "facts": [say("reference.facts_words", lang), lists.facts(lang)],
        "enumerations": [lists.enumerations(lang)],
        "units": [say("reference.units_words", lang), lists.units(lang)],
        "exits": [lists.exits(lang)],
    }
    titles = {key: say(f"reference.{key}", lang) for key in sections}
    contents = " · ".join(f"[{title}](#{key})" for key, title in titles.items())
    body = [
        "\n\n".join([f'## <a id="{key}"></a>{titles[key]}', *parts])
        for key, parts in sections.items()
    ]
    head = f"# {say('reference.title', lang)}"
    listed = f"{say('reference.contents', lang)}：{contents}"
    return "\n\n".join([head, say("reference.made", lang), listed, *body]) + "\n"
