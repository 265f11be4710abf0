"""Years of bases played day by day through the door and the scheduler, the same for the same seed (`manage.py simulate`).

beginnings.py  one base or two under each regulation, from the application to the signed agreement
play.py        the day loop: the job of the day, then whoever has something to do
people.py      what people do with what is theirs: report, mark, grade, confirm, repair, send students
report.py      what happened to whom under which clause, as HTML and PDF
"""
