"""Print the realm that an installation imports: `python -m deploy.keycloak samvirke.example`."""

import argparse
import sys

from deploy.keycloak.realm import of_installation

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m deploy.keycloak", description=__doc__)
    parser.add_argument("domain", help="under which each page has its host: referrals.<domain>")
    sys.stdout.write(of_installation(parser.parse_args().domain))
