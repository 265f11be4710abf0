"""The verbs of this room. Each checks the actor's permission, changes the rows and writes a line to the
log.
"""
