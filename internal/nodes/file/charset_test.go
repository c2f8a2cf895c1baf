package file

import (
	"encoding/hex"
	"testing"

	"toban/internal/locale"
)

// vectors are bytes as Node-RED 5 writes them.
var vectors = []struct{ name, text, hex string }{
	{"Shift_JIS", "障害①髙~", "8fe18a518740fbfc7e"},
	{"EUC-JP", "障害①", "bee3b3b2ada1"},
	{"Windows-31j", "障害①", "8fe18a518740"},
	{"GB18030", "重启€😀", "d6d8c6f4a2e39439fc36"},
	{"GBK", "重启", "d6d8c6f4"},
	{"EUC-KR", "재시작", "c0e7bdc3c0db"},
	{"Big5", "重啟", "adabb1d2"},
	{"Big5-HKSCS", "嗰", "9df5"},
	{"utf-16le", "é😀", "e9003dd800de"},
	{"utf-16be", "é😀", "00e9d83dde00"},
	{"utf-16", "é", "fffee900"},
	{"utf-32le", "é", "e9000000"},
	{"utf-32be", "é", "000000e9"},
	{"utf-32", "é", "fffe0000e9000000"},
	{"cp437", "é▒", "82b1"},
	{"cp737", "αβ", "9899"},
	{"cp775", "ąž", "d0d8"},
	{"cp808", "ж€", "a6fd"},
	{"cp856", "אב", "8081"},
	{"cp857", "ışğ", "8d9fa7"},
	{"cp861", "þð", "958c"},
	{"cp869", "αβ", "d6d7"},
	{"cp922", "šž", "f0fe"},
	{"cp1046", "ش", "d4"},
	{"cp1124", "ђ", "f2"},
	{"cp1125", "ґї", "f3f9"},
	{"cp1129", "ăđ₫", "e3f0fe"},
	{"cp1133", "ກຂ", "a1a2"},
	{"cp1161", "ก€", "a1de"},
	{"cp1162", "ก€", "a180"},
	{"cp1163", "ă€", "e3a4"},
	{"maccroatian", "šđ", "b9f0"},
	{"macgreek", "αβ", "e1e2"},
	{"maciceland", "þð", "dfdd"},
	{"macromania", "ăâ", "be89"},
	{"macthai", "กข", "a1a2"},
	{"macturkish", "ışğ", "dddfdb"},
	{"macukraine", "ґї", "b6bb"},
	{"maccenteuro", "ąő", "88ce"},
	{"macroman", "é•", "8ea5"},
	{"maccyrillic", "ж", "e6"},
	{"koi8-r", "ж", "d6"},
	{"koi8-u", "ї", "a7"},
	{"koi8-ru", "ўж", "aed6"},
	{"koi8-t", "ҷж", "8dd6"},
	{"armscii8", "ա", "b3"},
	{"rk1048", "ңә", "bebc"},
	{"tcvn", "ưỨ", "ad11"},
	{"georgianacademy", "აბ", "c0c1"},
	{"georgianps", "აბ", "c0c1"},
	{"pt154", "ңә", "9cba"},
	{"viscii", "ưẲ", "df02"},
	{"iso646cn", "¥‾", "247e"},
	{"iso646jp", "¥‾", "5c7e"},
	{"hproman8", "éß", "c5de"},
	{"tis620", "กข", "a1a2"},
	{"ISO-8859-11", "ก", "a1"},
	{"ISO-8859-15", "€é", "a4e9"},
	{"cp1252", "€é", "80e9"},
	{"cp874", "ก€", "a180"},
	{"binary", "éā😀", "e9013d00"},
	{"windows-1251", "ж", "e6"},
	{"latin2", "ő", "f5"},
	{"windows-1258", "ơ", "f5"},
	{"ascii", "aé", "613f"},
	{"none", "é\uFEFF", "c3a9efbbbf"},
	{"utf8", "é", "c3a9"},
	{"", "é", "c3a9"},
	{"hex", "00ff 7f", "00ff7f"},
	{"base64", "AP9_fw==", "00ff7f7f"},
	{"cp932", "¥1‾｡纊№", "5c317ea1fa5c8782"},
	{"sjis", "障害💥", "8fe18a513f"},
	{"iso-2022-jp", "障害", "1b2442 3e633332 1b2842"},
	{"iso646jp", "a\\", "613f"},
}

func TestEncode(t *testing.T) {
	for _, v := range vectors {
		c, err := charset(v.name)
		if err != nil {
			t.Errorf("%s: %v", v.name, err)
			continue
		}
		want, _ := hexText{}.encode(v.hex)
		if got, err := c.encode(v.text); err != nil || string(got) != string(want) {
			t.Errorf("%s: %q is written as %x (%v), want %x", v.name, v.text, got, err, want)
		}
	}
}

// Every table gives back what it wrote, byte for byte.
func TestTablesRoundTrip(t *testing.T) {
	for name, table := range tables() {
		for b := range 256 {
			text, _ := table.decode([]byte{byte(b)})
			if text == "\uFFFD" {
				continue
			}
			if out, _ := table.encode(text); len(out) != 1 || table.bytes[table.chars[b]] != out[0] {
				t.Errorf("%s: %#x is %q and then %x", name, b, text, out)
			}
		}
	}
}

// Every encoding that the form offers writes and reads plain letters.
func TestAllNamesKnowASCII(t *testing.T) {
	names := []string{"none", "utf8", "binary"}
	for name := range library {
		names = append(names, name)
	}
	for name := range tables() {
		names = append(names, name)
	}
	for _, name := range names {
		c, err := charset(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		data, err := c.encode("Restart 2/3\r\n")
		if text, err2 := c.decode(data); text != "Restart 2/3\r\n" || err != nil || err2 != nil {
			t.Errorf("%s: %q, %v, %v", name, text, err, err2)
		}
	}
}

func TestDecode(t *testing.T) {
	for _, c := range []struct{ name, hex, want string }{
		{"none", "efbbbf61ff", "\uFEFFa\uFFFD"}, // as Node.js: the mark stays
		{"utf8", "efbbbf61", "a"},
		{"utf-16le", "fffe6100", "a"},
		{"utf-16", "feff0061", "a"},
		{"Shift_JIS", "8fe18a51", "障害"},
		{"Shift_JIS", "8fe18a", "障\uFFFD"},
		{"binary", "e9ff", "éÿ"},
		{"hex", "00ff", "00ff"},
		{"base64", "00ff7f", "AP9/"},
		{"cp737", "98", "α"},
		{"iso-8859-11", "dba1", "\uFFFDก"},
	} {
		e, err := charset(c.name)
		if err != nil {
			t.Fatal(err)
		}
		data, _ := hex.DecodeString(c.hex)
		if got, err := e.decode(data); got != c.want || err != nil {
			t.Errorf("%s %s is %q (%v), want %q", c.name, c.hex, got, err, c.want)
		}
	}
}

func TestEncodingErrors(t *testing.T) {
	for _, name := range []string{"latin99", "setbymsg", "iso-8859-12", "replacement"} {
		if _, err := charset(name); !locale.HasKey(err, "file.errors.encoding") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := (hexText{}).encode("0g"); !locale.HasKey(err, "file.errors.hex") {
		t.Error(err)
	}
	if _, err := (base64Text{}).encode("a*"); !locale.HasKey(err, "file.errors.base64") {
		t.Error(err)
	}
}

// FuzzDecode feeds any bytes to any encoding: nothing panics, and the text is
// no longer than what three bytes of UTF-8 per byte allow.
func FuzzDecode(f *testing.F) {
	for _, v := range vectors {
		data, _ := hex.DecodeString(v.hex)
		f.Add(v.name, data)
	}
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		c, err := charset(name)
		if err != nil {
			return
		}
		text, err := c.decode(data)
		if err == nil && len(text) > 6*len(data)+6 {
			t.Errorf("%s: %d bytes became %d", name, len(data), len(text))
		}
		_, _ = c.encode(text)
	})
}
