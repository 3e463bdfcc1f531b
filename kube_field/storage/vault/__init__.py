"""storage.vault"""
