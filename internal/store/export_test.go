package store

import "context"

// OnWriter runs a statement on the writing connection.
func (db *DB) OnWriter(ctx context.Context, query string) error {
	_, err := db.write.ExecContext(ctx, query)
	return err
}
