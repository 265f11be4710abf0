"""Forms as data: sections of typed fields out of a profile, cleaned, shown, stored and read back in one way.

`spec` reads the specification into `fields`; `clean` checks answers (`checks`, `picks`; `plain` for what is hostile,
`count` for characters by RR-3); `post` reads them from an HTML form; `render` draws the form (`views` is what the
templates see; in the browser static/js/forms.js, forms-save.js and forms-paste.js); `reading` is the finished view;
`completeness` says how far it is filled in; `store` keeps answers with a revision; `session` is one person filling a
form in: read, merge, check, save, progress. Fields as facts, and aggregates over tables, are in regulations
(`formfields`, `context`).
"""
