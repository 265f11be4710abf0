"""The steps of a routed case: the engine that opens and closes them, what their kinds are, papers that may come later."""
