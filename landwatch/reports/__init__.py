"""Findings as files: tables for other programs, a workbook for people who read and visit."""
