"""Papers: data in, PDF bytes out.

May import reportlab, segno and pypdfium2, inside functions only: a start of the program must not pay for them.

Start reading at `visit_report.py`; below it lie `layout.py` (strips on pages), `tables.py` and `pen.py` (drawing).
"""
