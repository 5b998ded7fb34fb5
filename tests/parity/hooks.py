"""Runs the hooks of pre-commit over the files of the repository it stands in, as the project's
configuration does, and prints as JSON which files each one minds. A hook judges one file at a time;
what it mends is put back, so that the next one sees the files as they were made."""

import contextlib
import importlib
import io
import json
import os
import re
import subprocess
import sys

from identify.identify import tags_from_path

TEXT = {"text"}
WINDOWS = r'(?i)((^|/)(CON|PRN|AUX|NUL|COM[\d¹²³]|LPT[\d¹²³])(\.|/|$)|[<>:\"\\|?*\x00-\x1F]|/[^/]*[\.\s]/|[^/]*[\.\s]$)'
TRAILING = (
    r"^(LICENSE|NOTICE)$|README$|\.(bat|cfg|config|cs|css|erb|gitignore|header|in|install|java|md|properties|py|rb|rc|sh"
    r"|sql|svg|te|template|txt|ucls|vue|xml|xsl|yaml|yml)$|^cloud-cli/bindir/cloud-tool$|^debian/changelog$"
)
# Name, types, files, what is left out, arguments. The first two are hooks without a program:
# pre-commit fails for every file that they select.
HOOKS = [
    ("check-illegal-windows-names", {"file"}, WINDOWS, "^$", None),
    ("forbid-submodules", {"directory"}, "", "^$", None),
    ("check-case-conflict", {"file"}, "", "^$", []),
    ("check-merge-conflict", TEXT, "", "^$", ["--assume-in-merge"]),
    ("check-shebang-scripts-are-executable", TEXT, r"\.sh$", "^$", []),
    ("check-symlinks", {"symlink"}, "", "^$", []),
    ("check-vcs-permalinks", TEXT, "", "^$", []),
    ("destroyed-symlinks", {"file"}, "", "^$", []),
    ("detect-private-key", TEXT, "", r"^systemvm/agent/certs/localhost\.key$", []),
    ("end-of-file-fixer", TEXT, "", r"\.vhd$|\.svg$", []),
    ("fix-byte-order-marker", TEXT, "", "^$", []),
    ("forbid-new-submodules", {"directory"}, "", "^$", []),
    ("mixed-line-ending", TEXT, "", "^$", []),
    ("trailing-whitespace", TEXT, TRAILING, "^$", ["--markdown-linebreak-ext=md"]),
]
MODULES = {"trailing-whitespace": "trailing_whitespace_fixer"}


def minds(name, arguments, path):
    """Whether a hook fails on one file; what it changed is put back."""
    if arguments is None:
        return True
    module = importlib.import_module("pre_commit_hooks." + MODULES.get(name, name.replace("-", "_")))
    before = None if os.path.islink(path) or os.path.isdir(path) else open(path, "rb").read()
    said = io.TextIOWrapper(io.BytesIO())
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = module.main([*arguments, path])
    if before is not None:
        with open(path, "wb") as file:
            file.write(before)
    if name == "check-case-conflict":
        # It looks at all that is staged and names the paths, folders among them.
        said.seek(0)
        named = {line.rstrip("\n").split(": ", 1)[1] for line in said}
        parts = path.split("/")
        return any("/".join(parts[:count]) in named for count in range(1, len(parts) + 1))
    return code != 0


def main():
    listed = subprocess.run(["git", "ls-files", "-z"], check=True, stdout=subprocess.PIPE)
    paths = [os.fsdecode(path) for path in listed.stdout.split(b"\0") if path]
    tags = {path: tags_from_path(path) for path in paths}
    found = {}
    for name, types, files, exclude, arguments in HOOKS:
        selected = [p for p in paths if types <= tags[p] and re.search(files, p) and not re.search(exclude, p)]
        found[name] = [path for path in selected if minds(name, arguments, path)]
    json.dump(found, sys.stdout)


main()
