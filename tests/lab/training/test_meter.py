import json

import pytest

from lab.training import meter
from lab.training.meter import CurveMeter, SpeedMeter


def feed(curve, steps):
    return [row for step in steps if (row := curve.add(step, 1.0 / step, step % 3, 4, 0.1)) is not None]


def test_a_long_run_stores_means_over_neighbouring_steps_and_ends_a_row_with_each_epoch(monkeypatch):
    monkeypatch.setattr(meter, "MAX_STORED_STEPS", 10)
    rows = feed(CurveMeter(n_steps=35, steps_per_epoch=7), range(1, 36))
    assert [row.step for row in rows[:3]] == [4, 7, 11]
    assert rows[0].loss == pytest.approx((1 + 1 / 2 + 1 / 3 + 1 / 4) / 4)
    assert rows[0].accuracy == pytest.approx((1 + 2 + 0 + 1) / 16)
    assert [row.epoch for row in rows] == sorted(row.epoch for row in rows)


@pytest.mark.parametrize("killed_at", [1, 5, 7, 12])
def test_a_meter_restored_from_json_writes_the_same_rows(monkeypatch, killed_at):
    monkeypatch.setattr(meter, "MAX_STORED_STEPS", 5)
    whole, first, second = (CurveMeter(n_steps=14, steps_per_epoch=7) for _ in range(3))
    expected = feed(whole, range(1, 15))
    rows = feed(first, range(1, killed_at + 1))
    second.restore(json.loads(json.dumps(first.numbers())))
    assert rows + feed(second, range(killed_at + 1, 15)) == expected
    assert second.end_epoch() == whole.end_epoch()


def test_an_epoch_without_steps_has_no_means():
    assert CurveMeter(10, 5).end_epoch() == (None, None)


def test_speed_counts_only_the_time_of_steps(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(meter.time, "perf_counter", lambda: now[0])
    speed = SpeedMeter(images_per_epoch=1000)
    assert speed.time_left_s(1) is None
    now[0] = 2.0
    speed.add(200)
    now[0] = 50.0
    speed.skip()
    now[0] = 51.0
    speed.add(100)
    assert speed.images_per_s == 100
    speed.set_between_epochs(5.0)
    assert speed.time_left_s(2) == 2 * (10 + 5)
    assert speed.end_epoch() == 100
    assert speed.end_epoch() is None
