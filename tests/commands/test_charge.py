"""Who is put in charge of what is said with the place, as it was told."""

from __future__ import annotations

from tests.commands.conftest import Door


def test_the_place_is_said_as_it_was_told(ready: Door) -> None:
    charge = ("charge", "set", "李主任", "--division", "620100")
    assert "已登记：李主任 负责 行政区划 620100。" in ready.does(*charge).err
    assert "没有变化" in ready.does(*charge).err
    assert "620100" in ready.does("charge", "list").out
    ended = ready.does("charge", "end", "李主任", "--division", "620100", "--lang", "en").err
    assert "no longer in charge of division 620100" in ended
    assert "620100" in ready.does("charge", "list", "--history").out


def test_where_nobody_is_in_charge_yet_no_empty_list_is_offered(ready: Door) -> None:
    refused = ready("charge", "end", "赵工")
    assert refused.code == 2 and "还没有任何负责人" in refused.err and "已有" not in refused.err
    assert "none at all yet" in ready("sample", "show", 1, "--lang", "en").err
