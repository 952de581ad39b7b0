"""Across documents: what joins the record, the store and linking."""
