"""ui.forms"""
