"""Models behind tables: `item_table_model.py` serves every list. They know domain objects, no storage."""
