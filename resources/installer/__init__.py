"""How the frozen program becomes something to install: used by `build_installer.spec` and `./run package` only."""
