package web

import (
	"encoding/json"
	"fmt"
	"time"
)

// codec writes a session as its store keeps it. It takes texts and whole
// numbers, which is all a session holds, in a tenth of gob's time: a session is
// read with every request.
type codec struct{}

// inStore is a session in the store.
type inStore struct {
	Ends    time.Time
	Texts   map[string]string
	Numbers map[string]int64
}

// Encode implements scs.Codec.
func (codec) Encode(deadline time.Time, values map[string]any) ([]byte, error) {
	out := inStore{deadline, map[string]string{}, map[string]int64{}}
	for key, value := range values {
		switch v := value.(type) {
		case string:
			out.Texts[key] = v
		case int64:
			out.Numbers[key] = v
		default:
			return nil, fmt.Errorf("a session cannot hold %s: it is a %T", key, value)
		}
	}
	return json.Marshal(out)
}

// Decode implements scs.Codec.
func (codec) Decode(b []byte) (deadline time.Time, values map[string]any, err error) {
	var in inStore
	if err := json.Unmarshal(b, &in); err != nil {
		return time.Time{}, nil, fmt.Errorf("reading a session: %w", err)
	}
	values = make(map[string]any, len(in.Texts)+len(in.Numbers))
	for key, v := range in.Texts {
		values[key] = v
	}
	for key, v := range in.Numbers {
		values[key] = v
	}
	return in.Ends, values, nil
}
