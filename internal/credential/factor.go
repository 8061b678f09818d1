package credential

import (
	"bytes"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"net/url"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
)

// One-time codes are those of RFC 6238 as every authenticator app makes them:
// SHA-1, six digits, thirty seconds.
const period = 30 // seconds

// NewKey makes a key for one-time codes: 160 bits in base32.
func NewKey() string {
	var b [20]byte
	rand.Read(b[:])
	return base32.StdEncoding.EncodeToString(b[:])
}

// KeyURI tells an authenticator app the key, as a QR code or typed in: the
// account is the person's name, the issuer what the app lists it under.
func KeyURI(key, account, issuer string) string {
	account, issuer = label(account), label(issuer)
	return fmt.Sprintf("otpauth://totp/%s:%s?secret=%s&issuer=%s&algorithm=SHA1&digits=6&period=%d", issuer, account, key, issuer, period)
}

// label escapes a text for any place in the address. It may hold no colon, and
// some apps show a "+" as it stands.
func label(s string) string {
	return strings.ReplaceAll(url.QueryEscape(strings.ReplaceAll(s, ":", " ")), "+", "%20")
}

// The QR code's width and the white it needs around it, in pixels.
const (
	qrSize  = 264
	qrQuiet = 24
)

// QR draws a key's URI as a PNG.
func QR(uri string) ([]byte, error) {
	key, err := otp.NewKeyFromURL(uri)
	if err != nil {
		return nil, fmt.Errorf("drawing a key: %w", err)
	}
	code, err := key.Image(qrSize, qrSize)
	if err != nil {
		return nil, fmt.Errorf("drawing a key: %w", err)
	}
	page := image.NewGray(image.Rect(0, 0, qrSize+2*qrQuiet, qrSize+2*qrQuiet))
	draw.Draw(page, page.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(page, image.Rect(qrQuiet, qrQuiet, qrQuiet+qrSize, qrQuiet+qrSize), code, code.Bounds().Min, draw.Src)
	var out bytes.Buffer
	if err := png.Encode(&out, page); err != nil {
		return nil, fmt.Errorf("drawing a key: %w", err)
	}
	return out.Bytes(), nil
}

// CodeAt reports whether a code is that of the key at a moment, or half a
// minute before or after it, since clocks differ. The step is the one it is of,
// to be kept, so that no code counts twice.
func CodeAt(key, code string, at time.Time) (step int64, ok bool) {
	code = strings.Join(strings.Fields(code), "") // apps show "123 456"
	now := at.Unix() / period
	for _, s := range []int64{now, now - 1, now + 1} {
		want, err := hotp.GenerateCodeCustom(key, uint64(s), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			return s, true
		}
	}
	return 0, false
}
