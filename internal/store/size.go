package store

import (
	"context"
	"fmt"
)

// Size is how many bytes the database takes, without what waits in its log.
func (db *DB) Size(ctx context.Context) (bytes int64, err error) {
	err = db.read.QueryRowContext(ctx, `SELECT page_count * page_size FROM pragma_page_count, pragma_page_size`).Scan(&bytes)
	if err != nil {
		return 0, fmt.Errorf("read the size of the database: %w", plain(err))
	}
	return bytes, nil
}
