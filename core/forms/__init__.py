"""Forms as data: sections of typed fields out of a profile, cleaned, shown, stored and read back in one way.

`spec` reads the specification, `clean` checks answers, `post` reads them from an HTML form, `render` draws the form,
`reading` the finished view, `completeness` says what is missing, `store` keeps answers with a revision.
"""
