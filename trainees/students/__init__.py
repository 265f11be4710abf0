"""Students: entered singly or by spreadsheet, changed, invited, and what of them hardly anybody may see.

register.py  entered, changed, left
private.py   Party membership and the family's contact
inviting.py  a student is asked for an account, and is linked with it
sheet.py     the spreadsheet: its columns, checked without trace, entered all at once
specs.py     what is asked, as forms
"""
