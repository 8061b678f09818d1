package chart

import (
	"container/list"
	"crypto/sha256"
	"sync"
)

// cache keeps the pictures used last, up to a number of bytes, and knows which
// are being drawn.
type cache struct {
	mu      sync.Mutex
	room    int
	order   *list.List // of *kept, used last in front
	byKey   map[[sha256.Size]byte]*list.Element
	drawing map[[sha256.Size]byte]chan struct{} // closed when it has ended
}

type kept struct {
	key [sha256.Size]byte
	svg []byte
}

func newCache(room int) *cache {
	return &cache{room: room, order: list.New(), byKey: map[[sha256.Size]byte]*list.Element{}, drawing: map[[sha256.Size]byte]chan struct{}{}}
}

func (c *cache) get(key [sha256.Size]byte) ([]byte, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.byKey[key]
	if !ok {
		return nil, false
	}
	c.order.MoveToFront(e)
	return e.Value.(*kept).svg, true
}

func (c *cache) put(key [sha256.Size]byte, svg []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.byKey[key]; ok {
		return
	}
	c.byKey[key] = c.order.PushFront(&kept{key, svg})
	c.room -= len(svg)
	for c.room < 0 {
		oldest := c.order.Remove(c.order.Back()).(*kept)
		delete(c.byKey, oldest.key)
		c.room += len(oldest.svg)
	}
}

// begin makes the caller the one who draws a picture, until it calls end. Where
// somebody else draws it end is nil, and other is closed when they have ended:
// many who want a new picture at once would otherwise each draw it.
func (c *cache) begin(key [sha256.Size]byte) (end func(), other <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if other, ok := c.drawing[key]; ok {
		return nil, other
	}
	mine := make(chan struct{})
	c.drawing[key] = mine
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.drawing, key)
		close(mine)
	}, nil
}
