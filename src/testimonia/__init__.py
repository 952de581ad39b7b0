"""Testimonia: who said what, about whom, when and where, each statement traceable to its words."""

__version__ = "0.1.0"
