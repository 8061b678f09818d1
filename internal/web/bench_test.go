package web_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gin-gonic/gin"
)

// BenchmarkOverview is the overview page over a connection, as a browser asks
// for it: compressed, and again with what it has already.
func BenchmarkOverview(b *testing.B) {
	s := newSite(b)
	first := s.get("/", "Accept-Encoding", "gzip").want(http.StatusOK)
	b.Run("page", func(b *testing.B) { serve(b, s.handler, "") })
	b.Run("not-modified", func(b *testing.B) { serve(b, s.handler, first.header.Get("ETag")) })
	b.Run("gin-same-bytes", func(b *testing.B) {
		bare := gin.New()
		body := []byte(first.body)
		bare.GET("/", func(c *gin.Context) {
			c.Header("Content-Encoding", "gzip")
			c.Data(http.StatusOK, htmlType, body)
		})
		serve(b, bare, "")
	})
}

// BenchmarkOverviewAnew makes the page each time, but for its drawings.
func BenchmarkOverviewAnew(b *testing.B) {
	s := newSite(b)
	for i := range b.N {
		s.get("/dashboards/overview?from=2010&to=" + []string{"2024", "2025", "2026"}[i%3]).want(http.StatusOK)
		s.forget()
	}
}

func serve(b *testing.B, h http.Handler, tag string) {
	server := httptest.NewServer(h)
	defer server.Close()
	b.ResetTimer()
	b.RunParallel(func(p *testing.PB) {
		client := &http.Client{Transport: &http.Transport{DisableCompression: true}}
		for p.Next() {
			r, _ := http.NewRequest(http.MethodGet, server.URL+"/", nil)
			r.Header.Set("Accept-Encoding", "gzip")
			if tag != "" {
				r.Header.Set("If-None-Match", tag)
			}
			a, err := client.Do(r)
			if err != nil {
				b.Fatal(err)
			}
			io.Copy(io.Discard, a.Body)
			a.Body.Close()
		}
	})
}
