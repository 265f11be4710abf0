"""Entering bases that existed before the portal (补录): what is asked for, the check, the entry, sheets, work in the background."""
