package crypt

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Master is the one secret from which all keys are derived. Whoever loses it
// loses every sealed field; whoever copies it can read them.
type Master [32]byte

// String hides the key from logs.
func (Master) String() string { return "[master key]" }

// GoString hides the key from %#v.
func (Master) GoString() string { return "[master key]" }

// NewMaster returns a fresh random key.
func NewMaster() Master {
	var m Master
	rand.Read(m[:])
	return m
}

// ParseMaster reads 64 hex digits; spaces around them are ignored.
func ParseMaster(text string) (Master, error) {
	var m Master
	raw, err := hex.DecodeString(strings.TrimSpace(text))
	if err != nil || len(raw) != len(m) {
		return m, errors.New("a master key is 64 hex digits")
	}
	copy(m[:], raw)
	return m, nil
}

// LoadMaster reads the key kept in file.
func LoadMaster(file string) (Master, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return Master{}, fmt.Errorf("read the master key: %w", err)
	}
	m, err := ParseMaster(string(content))
	if err != nil {
		return Master{}, fmt.Errorf("%s: %w", file, err)
	}
	return m, nil
}

// OpenMaster reads the key kept in file, or makes one there (mode 0600, on
// disk before it is used) when the file does not exist. Of two processes that
// start at once, both get the key of the one that came first.
func OpenMaster(file string) (Master, error) {
	m, err := LoadMaster(file)
	if !errors.Is(err, fs.ErrNotExist) {
		return m, err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return Master{}, fmt.Errorf("keep the master key: %w", err)
	}
	fresh := NewMaster()
	if err := publish(file, hex.EncodeToString(fresh[:])+"\n"); err != nil && !errors.Is(err, fs.ErrExist) {
		return Master{}, fmt.Errorf("keep the master key: %w", err)
	}
	return LoadMaster(file)
}

// publish writes content beside file and links it into place, so that file is whole or absent, and never replaced.
func publish(file, content string) error {
	draft, err := os.CreateTemp(filepath.Dir(file), ".key-*")
	if err != nil {
		return err
	}
	defer os.Remove(draft.Name())
	_, err = draft.WriteString(content)
	if err := errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return err
	}
	return os.Link(draft.Name(), file)
}
