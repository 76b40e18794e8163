"""Templates to be filled in: a header in the reader's language, one line as an example, and what each column means."""

from collections.abc import Sequence
from io import BytesIO

import xlsxwriter

from cluster.imports.columns.fields import FIELDS, LANGUAGES, SMALLEST, Field, Says
from cluster.imports.writing.cells import csv_text, safe

SHEETS = {"en": ("Lines", "Columns"), "vi": ("Dòng", "Các cột"), "de": ("Zeilen", "Spalten"), "zh": ("数据", "说明")}
LEGEND = {
    "en": ("Column", "Name in our API", "Needed", "What to write", "Example"),
    "vi": ("Cột", "Tên trong API", "Bắt buộc", "Cách ghi", "Ví dụ"),
    "de": ("Spalte", "Name in der API", "Nötig", "Was hinein soll", "Beispiel"),
    "zh": ("列", "API 名称", "必填", "填写方法", "示例"),
}
YES = {"en": "yes", "vi": "có", "de": "ja", "zh": "是"}
WHAT = {
    Says.TEXT: ("text", "chữ", "Text", "文字"),
    Says.WEIGHT: ("a number; the unit stands in the title", "số; đơn vị ghi ở tiêu đề",
                  "eine Zahl; die Einheit steht im Titel", "数字；单位见标题"),
    Says.LENGTH: ("a number; the unit stands in the title", "số; đơn vị ghi ở tiêu đề",
                  "eine Zahl; die Einheit steht im Titel", "数字；单位见标题"),
    Says.DURATION: ("a number; the unit stands in the title", "số; đơn vị ghi ở tiêu đề",
                    "eine Zahl; die Einheit steht im Titel", "数字；单位见标题"),
    Says.WHOLE: ("a whole number", "số nguyên", "eine ganze Zahl", "整数"),
    Says.DEGREES: ("degrees, WGS 84", "độ, WGS 84", "Grad, WGS 84", "度，WGS 84"),
    Says.MONEY: ("an amount in the cluster's currency", "số tiền theo đơn vị tiền tệ của cụm",
                 "ein Betrag in der Währung des Verbunds", "集群货币金额"),
    Says.DAY: ("a day, such as 2027-01-31", "ngày, ví dụ 2027-01-31", "ein Tag, etwa 2027-01-31",
               "日期，如 2027-01-31"),
    Says.MOMENT: ("a time of the service day, such as 08:30", "giờ trong ngày giao, ví dụ 08:30",
                  "eine Uhrzeit des Liefertags, etwa 08:30", "服务当日时间，如 08:30"),
    Says.CHOICE: ("one of", "một trong", "eines von", "其中之一"),
    Says.FLAG: ("yes or no", "có hoặc không", "ja oder nein", "是或否"),
    Says.LIST: ("codes, divided by commas", "các mã, cách nhau bằng dấu phẩy", "Kürzel, durch Kommas getrennt",
                "代码，用逗号分隔"),
}  # fmt: skip
NEEDED = {
    "shipments": {"weight", "length", "width", "height", "delivery_name", "delivery_address_line1", "delivery_lat",
                  "delivery_lon"},
    "products": {"sku", "name", "weight", "length", "width", "height"},
    "cartons": {"code", "inner_length", "inner_width", "inner_height"},
}  # fmt: skip
LINES_VALIDATED = 5000


def csv_template(kind: str, language: str) -> bytes:
    """As text in UTF-8."""
    fields = FIELDS[kind]
    rows = [[entry.title(language) for entry in fields], [entry.example for entry in fields]]
    return csv_text(rows, first=True).encode()


def xlsx_template(kind: str, language: str) -> bytes:
    """As a workbook: lists to choose from where there is a choice, and a second sheet that explains the columns."""
    fields = FIELDS[kind]
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True, "text_wrap": True})
    needed = book.add_format({"bold": True, "text_wrap": True, "bg_color": "#FFE9A8"})
    lines, legend = (book.add_worksheet(name) for name in SHEETS[language])
    lines.freeze_panes(1, 0)
    for column, entry in enumerate(fields):
        lines.write_string(0, column, entry.title(language), needed if entry.name in NEEDED[kind] else bold)
        lines.set_column(column, column, max(12, len(entry.title(language)) + 2))
        _example(lines, column, entry)
        if entry.says is Says.CHOICE:
            lines.data_validation(1, column, LINES_VALIDATED, column, {"validate": "list", "source": list(entry.words)})
    for column, title in enumerate(LEGEND[language]):
        legend.write_string(0, column, title, bold)
        legend.set_column(column, column, 28)
    for row, explained in enumerate(_legend(kind, fields, language), start=1):
        for column, said in enumerate(explained):
            legend.write_string(row, column, said)
    book.close()
    return out.getvalue()


def _example(sheet: xlsxwriter.worksheet.Worksheet, column: int, entry: Field) -> None:
    numeric = entry.says in SMALLEST or entry.says in {Says.WHOLE, Says.DEGREES, Says.MONEY}
    if entry.example and numeric:
        sheet.write_number(1, column, float(entry.example))
    elif entry.example:
        sheet.write_string(1, column, str(safe(entry.example)))


def _legend(kind: str, fields: Sequence[Field], language: str) -> list[tuple[str, str, str, str, str]]:
    place = LANGUAGES.index(language)
    rows = []
    for entry in fields:
        what = WHAT[entry.says][place]
        if entry.says is Says.CHOICE:
            what = f"{what}: {', '.join(entry.words)}"
        is_needed = YES[language] if entry.name in NEEDED[kind] else ""
        rows.append((entry.title(language), entry.name, is_needed, what, entry.example))
    return rows
