"""Across documents: things recognised in several of them, statements set beside others."""
