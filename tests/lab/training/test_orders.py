import pytest

from lab.training.orders import Order, OrderBox


def test_orders_are_taken_once_and_in_the_order_they_were_given(tmp_path):
    box = OrderBox(tmp_path)
    given = [Order("pause"), Order("set_lr", 0.1), Order("resume"), Order("set_lr", None)]
    for order in given:
        box.put(order)
    assert box.has("resume")
    assert box.take() == tuple(given)
    assert box.take() == ()
    assert not box.has("resume")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"name": "explode"}', '{"name": "set_lr", "lr": "fast"}', "\x00"])
def test_a_file_that_is_no_order_is_removed_and_ignored(tmp_path, text):
    box = OrderBox(tmp_path)
    (tmp_path / "orders" / "00000000000000000001-ab.json").write_text(text)
    box.put(Order("stop"))
    assert box.take() == (Order("stop"),)
    assert list((tmp_path / "orders").iterdir()) == []


def test_an_order_that_is_still_being_written_is_left_alone(tmp_path):
    box = OrderBox(tmp_path)
    (tmp_path / "orders" / ".new-0001.json-abcd").write_text('{"name"')
    assert box.take() == ()
    assert len(list((tmp_path / "orders").iterdir())) == 1


def test_only_rates_outlive_the_worker_that_they_were_meant_for(tmp_path):
    box = OrderBox(tmp_path)
    for order in (Order("pause"), Order("set_lr", 0.1), Order("stop")):
        box.put(order)
    box.forget_all_but_rates()
    assert box.take() == (Order("set_lr", 0.1),)
