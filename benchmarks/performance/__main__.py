"""``python -m benchmarks.performance``: makes the pages anew."""

from __future__ import annotations

from benchmarks.performance.pages import made


def main() -> None:
    """Write the pages whose figures are others now."""
    for path, page in made().items():
        changed = path.read_text("utf-8") != page
        path.write_text(page, "utf-8")
        print(f"{path.name}: {'made anew' if changed else 'as it was'}")


if __name__ == "__main__":
    main()
