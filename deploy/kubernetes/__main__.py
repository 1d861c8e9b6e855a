"""Write the manifests of an installation, or the Secrets that they name.

`python -m deploy.kubernetes FOLDER` fills a folder for `kubectl apply --kustomize FOLDER`; with `--secrets` it prints
what `python -m deploy.images.prepare FOLDER` made, as Secrets.
"""

import argparse
import shutil
import sys
from pathlib import Path

from deploy.kubernetes.secrets import secrets
from deploy.kubernetes.written import files


def main() -> int:
    """Do what the command line asks."""
    parser = argparse.ArgumentParser(prog="python -m deploy.kubernetes", description=__doc__)
    parser.add_argument("--secrets", action="store_true")
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    if options.secrets:
        print(secrets(options.folder), end="")
    else:
        write(options.folder)
    return 0


def write(folder: Path) -> None:
    """Fill a folder with the manifests and nothing else."""
    if folder.exists():
        _refuse_a_strange(folder)
        shutil.rmtree(folder)
    for name, text in files().items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def _refuse_a_strange(folder: Path) -> None:
    if any(folder.iterdir()) and not (folder / "kustomization.yaml").is_file():
        raise SystemExit(f"{folder} holds something else")


if __name__ == "__main__":
    sys.exit(main())
