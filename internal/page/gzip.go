package page

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strconv"
	"strings"
)

// TakesGzip reads Accept-Encoding (RFC 9110, 12.5.3) as far as browsers use it.
func TakesGzip(r *http.Request) bool {
	for coding := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, quality, _ := strings.Cut(coding, ";")
		if name = strings.TrimSpace(name); name == "gzip" || name == "*" {
			weight, err := strconv.ParseFloat(strings.TrimPrefix(strings.ReplaceAll(quality, " ", ""), "q="), 64)
			return err != nil || weight > 0
		}
	}
	return false
}

// zipped is a page compressed: a long run is ten times smaller then, and comes over
// a phone's line every few seconds.
func zipped(data []byte) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestSpeed) // the level exists
	_, _ = w.Write(data)                            // a buffer takes it all
	_ = w.Close()
	return b.Bytes()
}
