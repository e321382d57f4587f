from __future__ import annotations

from ledger.extraction.offline.english_items import read_english_items
from ledger.receipt import Category

Read = list[tuple[str | None, int | None, int | None]]


def items_of(*lines: str) -> Read:
    """Name, price in cents and count of each item."""
    return [(item.name, item.price, item.count) for item in read_english_items(lines)]


def test_a_row_says_what_was_bought_and_what_it_cost() -> None:
    assert items_of(
        "Kiosk Bulan", "Date: 01/02/2018", "Tuna Bites 80g RM 4.50", "Rope Ball RM12.00 s", "Total 16.50"
    ) == [
        ("Tuna Bites 80g", 450, 1),
        ("Rope Ball", 1200, 1),
    ]


def test_the_number_before_a_name_is_its_count_where_it_divides_the_price() -> None:
    lines = ("Table: 4", "2 Iced Tea 5.00", "3 x Toast SR 6.60", "7 Up Can 2.50", "Total 14.10")

    assert items_of(*lines) == [("Iced Tea", 500, 2), ("Toast", 660, 3), ("7 Up Can", 250, 1)]


def test_numbers_that_run_on_are_the_rows() -> None:
    lines = ("Invoice 44", "1 Collar 9.00", "2 Leash 12.00", "3 Bowl 2 3.00 6.00", "Total 27.00")

    assert items_of(*lines) == [("Collar", 900, 1), ("Leash", 1200, 1), ("Bowl", 600, 2)]


def test_numbers_of_rows_may_stand_before_codes_and_counts() -> None:
    lines = ("Item Qty Price Amount", "1 06S SOUP 1 20.00 20.00", "2 32 RICE 4 1.80 7.20", "Total 27.20")

    assert items_of(*lines) == [("06S SOUP", 2000, 1), ("32 RICE", 720, 4)]


def test_a_unit_price_without_fractions_of_a_cent_may_miss_the_amount_by_them() -> None:
    lines = ("Item Qty S/Price Amount", "1462 2 0.64 1.27 SR", "SEAL TAPE", "1463 1.0 2.50 2.50", "PIPE", "Total 3.77")

    assert items_of(*lines) == [("SEAL TAPE", 127, 2), ("PIPE", 250, 1)]


def test_a_number_before_a_times_sign_is_a_count_whatever_follows() -> None:
    assert items_of("Description Disc. Subtotal", "061558 - **OIL", "2 X 111.30 36.75 72.35 S", "Total 72.35") == [
        ("OIL", 7235, 2)
    ]


def test_a_count_of_metres_is_no_count_of_pieces() -> None:
    assert items_of("Qty Description Price Total", "0.5 Hose 6.00 3.00 SR", "Total 3.00") == [("Hose", 300, None)]


def test_a_column_of_counts_is_told_by_the_heading() -> None:
    assert items_of("Item Qty RM", "Paper 75g 2 SR 12.00", "Total 12.00") == [("Paper 75g", 1200, 2)]
    assert items_of("Item RM", "Paper No 2 12.00", "Total 12.00") == [("Paper No 2", 1200, None)]


def test_unit_price_and_amount_imply_the_count() -> None:
    assert items_of("Item Price Total", "Towel Rod 4.00 20.00SR", "Total 20.00") == [("Towel Rod", 2000, 5)]


def test_names_stand_above_their_figures() -> None:
    lines = (
        "-INVOICE-",
        "CAT TUNNEL 1.2M *S",
        "QX12-7 - 24",
        "9555000000017 1 X 19.00 19.00",
        "FOIL TAPE 48MM*100M",
        "9000017 2 X 3.88 7.76",
        "Item(s) : 2 Qty(s) : 3",
        "TOTAL RM 26.76",
    )

    assert items_of(*lines) == [("CAT TUNNEL 1.2M", 1900, 1), ("FOIL TAPE 48MM*100M", 776, 2)]


def test_names_stand_below_their_figures() -> None:
    lines = (
        "Item Qty S/Price Amount Tax",
        "1072 1 80.00 80.00",
        "PUMP REPAIR",
        "labour & parts",
        "70561 2 18.00 36.00 SR",
        "AQUARIUM HOSE",
        "Total Sales 116.00",
    )

    assert items_of(*lines) == [("PUMP REPAIR labour & parts", 8000, 1), ("AQUARIUM HOSE", 3600, 2)]


def test_figures_without_a_name_are_an_item_without_one() -> None:
    assert items_of("Item Qty U/P Amount", "238 1 10.00 10.00", "SUB-TOTAL 10.00") == [(None, 1000, 1)]


def test_a_name_goes_on_below_a_priced_row_where_all_rows_have_names() -> None:
    lines = ("Receipt 7", "Smoked Duck - Full SR 16.90", "Slab", "Berry Juice SR 8.90", "Total: 25.80")

    assert items_of(*lines) == [("Smoked Duck - Full Slab", 1690, 1), ("Berry Juice", 890, 1)]


def test_codes_and_marks_are_no_part_of_a_name() -> None:
    lines = (
        "Item Qty Total",
        "SR100100000060-Rice Bowl",
        "$5.50 1 S5.50",
        "30169728BASKET",
        "2pc@ 4.90 9.80 SRM",
        "Total 15.30",
    )

    assert items_of(*lines) == [("Rice Bowl", 550, 1), ("BASKET", 980, 2)]


def test_a_shops_own_numbers_are_dropped_where_every_row_has_one() -> None:
    assert items_of("Invoice 5", "103 ORANGE 840ML 11.40", "87123 SOAP 2.00", "Total 13.40") == [
        ("ORANGE 840ML", 1140, 1),
        ("SOAP", 200, 1),
    ]
    assert items_of("Invoice 5", "100 PLUS 2.40", "SOAP 2.00", "Total 4.40")[0] == ("100 PLUS", 240, 1)


def test_a_unit_of_pieces_is_no_name() -> None:
    lines = ("QTY UOM UNIT Amt Inc. GST", "MINT CHOC 73ML", "1 WALK 1.60 1.60 1.60 ZRL", "Total 1.60")

    assert items_of(*lines) == [("MINT CHOC 73ML", 160, 1)]
    assert items_of("RM Code", "NAILS-S", "6.00BOXS 17.00 102.00 SR", "Total 102.00") == [("NAILS-S", 10200, 6)]


def test_misread_figures_are_repaired_where_the_sum_agrees() -> None:
    lines = (
        "Item Qty RSP Amount",
        "Silicone 3 7.00 21.0C",
        "Brush 7 .90*3 23.70 Z",
        "Pin 3 .00 X 2.00 6.00",
        "Total RM 50.7O",
    )

    assert items_of(*lines) == [("Silicone", 2100, 3), ("Brush", 2370, 3), ("Pin", 600, 3)]


def test_a_row_of_count_and_unit_price_tells_of_the_price_above() -> None:
    lines = ("Maple Pet Supply", "Potato Chews 8oz $17.98", "2 @ $8.99", "Rope Toy $7.75", "Subtotal $25.73")

    assert items_of(*lines) == [("Potato Chews 8oz", 1798, 2), ("Rope Toy", 775, 1)]


def test_a_row_of_count_and_unit_price_may_stand_between_a_name_and_its_price() -> None:
    assert items_of("Invoice 8", "Cola", "2 x 1.50", "3.00", "Tea", "1.20", "Total 4.20") == [
        ("Cola", 300, 2),
        ("Tea", 120, 1),
    ]


def test_discounts_are_taken_off_and_are_no_items() -> None:
    lines = ("Invoice 9", "Dry Food 2kg 40.00", "Member Discount -4.00", "Wet Food 6.00", "Promo 1.00-", "Total 41.00")

    assert items_of(*lines) == [("Dry Food 2kg", 4000, 1), ("Wet Food", 600, 1)]


def test_a_discount_may_stand_within_the_row() -> None:
    assert items_of("Item Qty Price Disc Amount", "Bed 2 5.00 1.00 9.00", "Cash 9.00") == [("Bed", 900, 2)]


def test_service_and_tax_may_lie_between_the_items_and_the_total() -> None:
    lines = ("Table 3", "Laksa 10.00", "Kopi 3.00", "Service Charge 10% 1.30", "SST 6% 0.86", "Total 15.16")

    assert items_of(*lines) == [("Laksa", 1000, 1), ("Kopi", 300, 1)]


def test_without_a_sum_that_agrees_only_multiplied_rows_are_items() -> None:
    lines = ("Item Qty Price Amount", "Kibble 2 4.50 9.00", "Rope 7.75", "Total 99.99")

    assert items_of(*lines) == [("Kibble", 900, 2)]
    assert items_of("Invoice 1", "Chews 17.98", "Rope 7.75", "Total 99.99") == []


def test_words_beside_a_row_that_was_not_read_name_nothing_else() -> None:
    lines = (
        "Item Qty RSP Amount",
        "12131 1 3.50 3.50",
        "PAINT BRUSH",
        "15725 1 25.00 ?6,QC",
        "ROLLER REFILL",
        "2226 1 6.00 6.00",
        "COTTON GLOVE",
        "Total 35.50",
    )

    assert items_of(*lines) == [("PAINT BRUSH", 350, 1), ("COTTON GLOVE", 600, 1)]


def test_goods_may_be_called_as_parts_of_a_header_are() -> None:
    assert items_of("Cashier : Ali", "VEGETABLES 2.20 ZRL", "FISH CAKE 1.20 SR", "SUBTOTAL: 3.40") == [
        ("VEGETABLES", 220, 1),
        ("FISH CAKE", 120, 1),
    ]


def test_without_a_sum_at_all_nothing_is_an_item() -> None:
    assert items_of("Chews $17.98", "Rope Toy $7.75") == []
    assert items_of() == []


def test_what_is_paid_and_taxed_below_is_no_item() -> None:
    lines = ("Invoice 3", "Comb 1.70", "Total 1.70", "Cash 2.00", "Change 0.30", "GST Summary", "SR 6% 1.60 0.10")

    assert items_of(*lines) == [("Comb", 170, 1)]


def test_names_tell_categories() -> None:
    items = read_english_items(("Invoice 3", "Nasi Ayam 8.00", "Bolt M6 2.00", "Total 10.00"))

    assert [item.category for item in items] == [Category.FOOD, Category.OTHER]
