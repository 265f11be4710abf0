"""Official papers: a layout (data) and a context (answers, opinions, number) become a PDF.

Start with `layout` (what a paper may consist of, with a complete example) and `render.render_paper`.
"""
