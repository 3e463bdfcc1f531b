"""sync.transports"""
