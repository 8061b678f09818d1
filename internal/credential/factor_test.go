package credential_test

import (
	"bytes"
	"encoding/base32"
	"image/png"
	"net/url"
	"testing"
	"time"

	"bellwether/internal/credential"
)

// rfc is the key of RFC 6238, appendix B: "12345678901234567890".
const rfc = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

func TestCodeAt(t *testing.T) {
	at := func(unix int64) time.Time { return time.Unix(unix, 0) }
	tests := []struct {
		name, code string
		at         time.Time
		step       int64
		ok         bool
	}{
		// The appendix's codes, of which six digits are the last six.
		{"the RFC's, 1970", "287082", at(59), 1, true},
		{"the RFC's, 2005", "081804", at(1111111109), 37037036, true},
		{"the RFC's, 2009", "005924", at(1234567890), 41152263, true},
		{"the RFC's, 2603", "353130", at(20000000000), 666666666, true},
		{"as an app shows it", " 005 924 ", at(1234567890), 41152263, true},
		{"a step later", "005924", at(1234567890 + 30), 41152263, true},
		{"a step earlier", "005924", at(1234567890 - 30), 41152263, true},
		{"two steps later", "005924", at(1234567890 + 60), 0, false},
		{"two steps earlier", "005924", at(1234567890 - 60), 0, false},
		{"a digit wrong", "005925", at(1234567890), 0, false},
		{"without its zeros", "5924", at(1234567890), 0, false},
		{"nothing", "", at(1234567890), 0, false},
		{"eight digits", "89005924", at(1234567890), 0, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			step, ok := credential.CodeAt(rfc, test.code, test.at)
			if step != test.step || ok != test.ok {
				t.Errorf("got step %d, %v; want %d, %v", step, ok, test.step, test.ok)
			}
		})
	}
	for _, key := range []string{"", "not base32!"} {
		if _, ok := credential.CodeAt(key, "", at(59)); ok {
			t.Errorf("the key %q takes no code for one", key)
		}
	}
}

func TestNewKey(t *testing.T) {
	key := credential.NewKey()
	if b, err := base32.StdEncoding.DecodeString(key); err != nil || len(b) != 20 {
		t.Errorf("%q is not 160 bits in base32: %v", key, err)
	}
	if key == credential.NewKey() {
		t.Error("two keys are one")
	}
}

func TestKeyURI(t *testing.T) {
	for _, account := range []string{"jo", "Jo Smith", "jo:admin", "a&secret=evil", "zoë+1/?#%"} {
		u, err := url.Parse(credential.KeyURI(rfc, account, "Bellwether, Ambridge & Borchester"))
		if err != nil {
			t.Fatal(err)
		}
		want := account
		if account == "jo:admin" {
			want = "jo admin"
		}
		if u.Scheme != "otpauth" || u.Host != "totp" || u.Path != "/Bellwether, Ambridge & Borchester:"+want {
			t.Errorf("%q: reads %q", account, u)
		}
		wants := url.Values{"secret": {rfc}, "issuer": {"Bellwether, Ambridge & Borchester"}, "algorithm": {"SHA1"}, "digits": {"6"}, "period": {"30"}}
		if got := u.Query(); got.Encode() != wants.Encode() {
			t.Errorf("%q: says %v", account, got)
		}
	}
}

// The picture is a QR code: white around it, and the three squares in its
// corners by which a camera finds it.
func TestQR(t *testing.T) {
	drawn, err := credential.QR(credential.KeyURI(credential.NewKey(), "jo", "Bellwether"))
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(drawn))
	if err != nil {
		t.Fatal(err)
	}
	size := img.Bounds().Dx()
	dark := func(x, y int) bool {
		r, _, _, _ := img.At(x, y).RGBA()
		return r < 0x8000
	}
	var first, last int // dark columns, at the height where the corners' squares begin
	y := 0
	for first == 0 && y < size {
		for x := range size {
			if dark(x, y) {
				if first == 0 {
					first = x
				}
				last = x
			}
		}
		y++
	}
	top := y - 1
	module := 0 // pixels: a corner's square is seven modules wide
	for dark(first+module, top) {
		module++
	}
	module /= 7
	if module < 3 || first < 4*module || size-1-last < 4*module || top < 4*module {
		t.Fatalf("modules of %d pixels with %d of white around them in %d", module, first, size)
	}
	for _, corner := range [][2]int{{first, top}, {last + 1 - 7*module, top}, {first, last + 1 - 7*module}} {
		for i, want := range []bool{true, false, true, true, true, false, true} {
			x, y := corner[0]+i*module+module/2, corner[1]+i*module+module/2
			if dark(x, y) != want {
				t.Errorf("the square at %v is not one: module %d is %v", corner, i, dark(x, y))
			}
		}
	}
	if _, err := credential.QR("otpauth://totp/\x7f"); err == nil {
		t.Error("what is no address was drawn")
	}
}
