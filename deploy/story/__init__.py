"""`make story`: one journey through the running system, told in plain sentences, each with an address to open."""
