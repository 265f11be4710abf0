"""Pages of this room: lists, what is begun from them, decisions of meetings."""
