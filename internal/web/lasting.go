package web

import "sync"

// lasting is what was worked out of a state of things, told by its key, for as
// long as that is asked for.
type lasting[K comparable, V any] struct {
	mu    sync.Mutex
	made  bool
	key   K
	value V
}

// at is what make makes of the key, which others wait for.
func (l *lasting[K, V]) at(key K, make func() (V, error)) (V, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.made && l.key == key {
		return l.value, nil
	}
	value, err := make()
	if err == nil {
		l.made, l.key, l.value = true, key, value
	}
	return value, err
}
