package web

import (
	"context"
	"strconv"
)

// Kept is a cache of documents.
type Kept struct{ cache }

// Once is what is held under key, made where nothing is.
func (k *Kept) Once(ctx context.Context, version int64, key string, make func() (string, error)) (string, error) {
	d, err := k.once(ctx, version, key, func(context.Context) (*document, error) {
		text, err := make()
		return newDocument("text/plain", "", []byte(text)), err
	})
	if err != nil {
		return "", err
	}
	return string(d.body), nil
}

// Making keeps all others from making what is held under key until end.
func (k *Kept) Making(version int64, key string) (end func()) {
	end, _ = k.begin(strconv.FormatInt(version, 10) + "\n" + key)
	return end
}
