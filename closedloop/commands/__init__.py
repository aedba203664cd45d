"""One file per command of `closedloop`: each exports a Typer `app` or a function `register(app)`.

`asking` and `options` hold what several commands take alike.
"""
