"""ui.presenters"""
