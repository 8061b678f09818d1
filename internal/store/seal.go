package store

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
)

const sealTable = `
	CREATE TABLE IF NOT EXISTS seal (
		id  INTEGER PRIMARY KEY CHECK (id = 1),
		key BLOB    NOT NULL
	) STRICT;`

// readSeal reads the key of what Seal makes, or makes one.
func (s *Sessions) readSeal(ctx context.Context) error {
	key := make([]byte, sha256.Size)
	rand.Read(key)
	if _, err := s.write.ExecContext(ctx, `INSERT OR IGNORE INTO seal (id, key) VALUES (1, ?)`, key); err != nil {
		return err
	}
	return s.write.QueryRowContext(ctx, `SELECT key FROM seal`).Scan(&s.seal)
}

// Seal is a keyed hash of a text, in hex, which nobody makes who does not have
// this file.
func (s *Sessions) Seal(text string) string {
	h := hmac.New(sha256.New, s.seal)
	h.Write([]byte(text))
	return hex.EncodeToString(h.Sum(nil))
}
