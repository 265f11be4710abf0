"""Rectification: ordered after a failed evaluation, worked on, rechecked; what the profile says of it stands below
`rectifications`, its steps below `routes.rectification`.

    ordering.py   begins with its effect, is ordered with its problems, falls due
    work.py       plans and evidence of the responsible units, their report
    recheck.py    problems closed, the rectification closed or failed, and what follows
    moves.py      all of it as moves; beside it specs, papers, pages, views
"""
