"""KUBE Lapangan: the field tool of Dinas Sosial Kalimantan Timur. Start reading at README.md, then desktop.py."""

__version__ = "0.1.0"
