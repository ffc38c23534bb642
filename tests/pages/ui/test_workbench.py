"""The network's history: a whole drag is one step, and nothing that was settled is lost."""

from __future__ import annotations

from lab.network.edit import set_field
from lab.network.presets import preset
from lab.network.spec import NetworkSpec
from pages.ui.workbench import MAX_UNDO, Workbench

FIRST = preset("student_cnn")


def wide(n: int) -> NetworkSpec:
    return set_field(FIRST, "conv1", "out_channels", n)


def test_a_whole_drag_is_one_step() -> None:
    bench = Workbench(FIRST)
    for n in range(8, 31):
        bench = bench.moved(wide(n))
    assert bench.past == ()
    assert bench.settled() == Workbench(wide(30), (FIRST,))
    assert bench.undone() == Workbench(FIRST, (), (wide(30),))


def test_a_drag_that_ends_where_it_began_is_no_step_and_keeps_what_redo_brings() -> None:
    undone = Workbench(FIRST).changed(wide(8)).undone()
    assert undone.moved(wide(9)).moved(FIRST).settled() == undone


def test_a_click_in_the_middle_of_a_drag_is_a_step_of_its_own() -> None:
    bench = Workbench(FIRST).moved(wide(8)).changed(wide(9))
    assert bench == Workbench(wide(9), (FIRST, wide(8)))


def test_redo_takes_an_undo_back_until_something_else_is_done() -> None:
    bench = Workbench(FIRST).changed(wide(8)).undone()
    assert bench.redone().network == wide(8)
    assert bench.changed(wide(9)).redone().network == wide(9)
    assert Workbench(FIRST).undone() == Workbench(FIRST).redone() == Workbench(FIRST)


def test_the_history_has_an_end() -> None:
    bench = Workbench(FIRST)
    for n in range(1, MAX_UNDO + 20):
        bench = bench.changed(wide(n))
    assert len(bench.past) == MAX_UNDO
