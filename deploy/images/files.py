"""Files that a container is given: whole or not at all, and for those alone who read them."""

from pathlib import Path


def write(file: Path, text: str, mode: int = 0o400) -> None:
    """Put a text in place, unless it stands there already."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.exists() and file.read_text(encoding="utf-8") == text:
        return
    half = file.with_name(f"{file.name}.half")
    half.unlink(missing_ok=True)
    half.write_text(text, encoding="utf-8")
    half.chmod(mode)
    half.replace(file)
