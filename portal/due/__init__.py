"""What is due, for people: the register, the month, the feed, the clock of a case, and how each wants to be told.

scope.py      which rows somebody sees
register.py   到期台账
month.py      the calendar of a month
feed.py       the iCalendar feed of a person
wishes.py     what a person and an organisation want to be told of, and how
workdays.py   the table of working days
clocks.py     the clock page of a case
"""
