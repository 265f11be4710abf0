"""Pages of this room beside the pages of its cases."""
