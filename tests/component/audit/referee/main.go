// Referee reads checkpoints and the records that they speak of, and says what Go's own sumdb thinks of them.
//
// On standard input: one JSON object with the verifier keys, the records as told, and the checkpoints.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type input struct {
	Keys        []string `json:"keys"`
	Told        []string `json:"told"`
	Checkpoints []string `json:"checkpoints"`
}

type hashes []tlog.Hash

func (h hashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var out []tlog.Hash
	for _, index := range indexes {
		out = append(out, h[index])
	}
	return out, nil
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	var in input
	if err := json.NewDecoder(os.Stdin).Decode(&in); err != nil {
		return err
	}
	var verifiers []note.Verifier
	for _, key := range in.Keys {
		verifier, err := note.NewVerifier(key)
		if err != nil {
			return fmt.Errorf("key: %w", err)
		}
		verifiers = append(verifiers, verifier)
	}
	var stored hashes
	for place, told := range in.Told {
		added, err := tlog.StoredHashes(int64(place), []byte(told), stored)
		if err != nil {
			return err
		}
		stored = append(stored, added...)
	}
	var before tlog.Tree
	for place, text := range in.Checkpoints {
		tree, err := opened(text, verifiers)
		if err != nil {
			return fmt.Errorf("checkpoint %d: %w", place+1, err)
		}
		root, err := tlog.TreeHash(tree.N, stored)
		if err != nil || root != tree.Hash {
			return fmt.Errorf("checkpoint %d: its root is not that of the records", place+1)
		}
		if before.N > 0 {
			if err := consistent(before, tree, stored); err != nil {
				return fmt.Errorf("checkpoint %d: %w", place+1, err)
			}
		}
		before = tree
	}
	proofs, err := included(before, stored)
	if err != nil {
		return err
	}
	fmt.Printf("%d checkpoints and %d inclusion proofs accepted\n", len(in.Checkpoints), proofs)
	return nil
}

func opened(text string, verifiers []note.Verifier) (tlog.Tree, error) {
	signed, err := note.Open([]byte(text), note.VerifierList(verifiers...))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(signed.Text, "\n")
	var tree tlog.Tree
	if _, err := fmt.Sscanf(lines[1], "%d", &tree.N); err != nil {
		return tlog.Tree{}, err
	}
	tree.Hash, err = tlog.ParseHash(lines[2])
	return tree, err
}

func consistent(older, newer tlog.Tree, stored hashes) error {
	proof, err := tlog.ProveTree(newer.N, older.N, stored)
	if err != nil {
		return err
	}
	return tlog.CheckTree(proof, newer.N, newer.Hash, older.N, older.Hash)
}

func included(tree tlog.Tree, stored hashes) (int64, error) {
	for place := int64(0); place < tree.N; place++ {
		leaf := stored[tlog.StoredHashIndex(0, place)]
		proof, err := tlog.ProveRecord(tree.N, place, stored)
		if err != nil {
			return 0, err
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, place, leaf); err != nil {
			return 0, err
		}
	}
	return tree.N, nil
}
