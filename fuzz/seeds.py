#!/usr/bin/env python3
"""Writes the texts that fuzzing starts from into fuzz/corpus, all taken from the cases under fixtures/."""

import hashlib
import pathlib
import re

TOP = pathlib.Path(__file__).resolve().parent.parent
CASES = TOP / "fixtures"
FILE = re.compile(r"^`([^`\n]+)`(?: becomes)?[^\n]*\n```[^\n]*\n(.*?)^```$", re.M | re.S)
MARKS = re.compile(r"^[ \t]*\^+ [^\n]*\n", re.M)


def files(case):
    return [(path, MARKS.sub("", text)) for path, text in FILE.findall(case.read_text("utf-8"))]


def add(target, text):
    folder = TOP / "fuzz/corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    data = text.encode("utf-8")
    (folder / hashlib.sha1(data).hexdigest()[:16]).write_bytes(data)


def rules(case):
    """The rules that cases of a folder share, and the files that go with them."""
    for folder in case.parents:
        if (folder / "ssot.toml").exists():
            base = sorted(path for path in (folder / "base").rglob("*") if path.is_file())
            shared = [(path.relative_to(folder / "base").as_posix(), path.read_text("utf-8")) for path in base]
            return [("ssot.toml", (folder / "ssot.toml").read_text("utf-8")), *shared]
    return []


def main():
    for case in sorted(CASES.rglob("*.md")):
        found = files(case)
        for path, text in found:
            target = {"py": "python_lower", "pyi": "python_lower", "rs": "rust_lower", "toml": "config"}
            name = target.get(path.rpartition(".")[2])
            if name:
                add(name, text)
            for line in re.findall(r'(?:exclude|paths|packages) = (\[[^\]]*\])', text):
                patterns = re.findall(r'"([^"]*)"', line)
                add("globs", "\n".join(patterns + ["a/b.py"] * len(patterns)))
        tree = {}
        for path, text in found:
            tree.setdefault(path, text)
        if "ssot.toml" not in tree and "Cargo.toml" not in tree:
            tree = dict(rules(case)) | tree
        add("migrate", "".join(f"=== {path}\n{text}" for path, text in tree.items()))
    for text in ["**/*.py\na/b.py", "{a,b}/**\n[!x]?\na/c\nyz", "!tests/\ntests/x.py", "a\\*b\na*b"]:
        add("globs", text)
    # A folder stands where the rules of a project belong.
    add("migrate", "=== ssot.toml/money.py\n=== shop/orders.py\nfrom shop.prices import VAT\n")
    for number in range(256):
        (TOP / "fuzz/corpus/journal").mkdir(parents=True, exist_ok=True)
        data = bytes([number % 4, number % 8, number * 7 % 256, number, number // 4, 3, 5])
        (TOP / "fuzz/corpus/journal" / f"{number:03}").write_bytes(data)


main()
