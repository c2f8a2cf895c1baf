package file

import (
	"encoding/base64"
	"encoding/hex"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"

	"toban/internal/locale"
)

// encodings are the names that Node-RED's form offers, without case, blanks and
// punctuation, and their tables.
var encodings = map[string]encoding.Encoding{
	"utf16le": unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM),
	"ucs2":    unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM),
	"utf16be": unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM),

	"shiftjis": japanese.ShiftJIS, "windows31j": japanese.ShiftJIS, "windows932": japanese.ShiftJIS,
	"cp932": japanese.ShiftJIS, "eucjp": japanese.EUCJP,
	"gb2312": simplifiedchinese.GBK, "gbk": simplifiedchinese.GBK, "gb18030": simplifiedchinese.GB18030,
	"windows936": simplifiedchinese.GBK, "cp936": simplifiedchinese.GBK, "euccn": simplifiedchinese.GBK,
	"ksc5601": korean.EUCKR, "windows949": korean.EUCKR, "cp949": korean.EUCKR, "euckr": korean.EUCKR,
	"big5": traditionalchinese.Big5, "big5hkscs": traditionalchinese.Big5, "windows950": traditionalchinese.Big5,
	"cp950": traditionalchinese.Big5,

	"cp874": charmap.Windows874, "cp1250": charmap.Windows1250, "cp1251": charmap.Windows1251, "cp1252": charmap.Windows1252,
	"cp1253": charmap.Windows1253, "cp1254": charmap.Windows1254, "cp1255": charmap.Windows1255, "cp1256": charmap.Windows1256,
	"cp1257": charmap.Windows1257, "cp1258": charmap.Windows1258,
	"cp437": charmap.CodePage437, "cp850": charmap.CodePage850, "cp852": charmap.CodePage852, "cp855": charmap.CodePage855,
	"cp858": charmap.CodePage858, "cp860": charmap.CodePage860, "cp862": charmap.CodePage862, "cp863": charmap.CodePage863,
	"cp865": charmap.CodePage865, "cp866": charmap.CodePage866,
	"macroman": charmap.Macintosh, "macintosh": charmap.Macintosh, "maccyrillic": charmap.MacintoshCyrillic,
	"koi8r": charmap.KOI8R, "koi8u": charmap.KOI8U, "tis620": charmap.Windows874,
	"iso88591": charmap.ISO8859_1, "iso88592": charmap.ISO8859_2, "iso88593": charmap.ISO8859_3, "iso88594": charmap.ISO8859_4,
	"iso88595": charmap.ISO8859_5, "iso88596": charmap.ISO8859_6, "iso88597": charmap.ISO8859_7, "iso88598": charmap.ISO8859_8,
	"iso88599": charmap.ISO8859_9, "iso885910": charmap.ISO8859_10, "iso885913": charmap.ISO8859_13,
	"iso885914": charmap.ISO8859_14, "iso885915": charmap.ISO8859_15, "iso885916": charmap.ISO8859_16,
}

// asciiOnly are encodings that Node-RED offers and that we have no table for.
// Their common part is ASCII; a text with anything else is refused, not mangled.
var asciiOnly = map[string]bool{}

func init() {
	for name := range strings.FieldsSeq(`cp737 cp775 cp808 cp856 cp857 cp861 cp864 cp869 cp922 cp1046 cp1124 cp1125 cp1129 cp1133
		cp1161 cp1162 cp1163 maccroatian macgreek maciceland macromania macthai macturkish macukraine maccenteuro koi8ru koi8t
		armscii8 rk1048 tcvn georgianacademy georgianps pt154 viscii iso646cn iso646jp hproman8 iso885911 iso885912 ascii`) {
		asciiOnly[name] = true
	}
}

var punctuation = strings.NewReplacer("-", "", "_", "", " ", "", ":", "")

func canonical(name string) string { return punctuation.Replace(strings.ToLower(name)) }

// encode gives the bytes of a text in an encoding.
func encode(text, name string) ([]byte, error) {
	switch c := canonical(name); c {
	case "none", "utf8", "":
		return []byte(text), nil
	case "binary", "latin1":
		return latin1(text), nil
	case "base64":
		return base64.StdEncoding.DecodeString(pad(strings.TrimRight(text, "=")))
	case "hex":
		return hex.DecodeString(text)
	default:
		if table := encodings[c]; table != nil {
			return encoding.ReplaceUnsupported(table.NewEncoder()).Bytes([]byte(text))
		}
		return []byte(text), plain(text, name)
	}
}

// decode gives the text of bytes in an encoding.
func decode(data []byte, name string) (string, error) {
	switch c := canonical(name); c {
	case "none", "utf8", "":
		return strings.ToValidUTF8(string(data), "\uFFFD"), nil
	case "binary", "latin1":
		runes := make([]rune, len(data))
		for i, b := range data {
			runes[i] = rune(b)
		}
		return string(runes), nil
	case "base64":
		return base64.StdEncoding.EncodeToString(data), nil
	case "hex":
		return hex.EncodeToString(data), nil
	default:
		if table := encodings[c]; table != nil {
			out, err := table.NewDecoder().Bytes(data)
			return string(out), err
		}
		return string(data), plain(string(data), name)
	}
}

// plain checks a text for an encoding of which only ASCII is known.
func plain(text, name string) error {
	if !asciiOnly[canonical(name)] {
		return locale.Errorf("file.errors.encoding", "encoding", name)
	}
	for _, r := range text {
		if r >= 0x80 {
			return locale.Errorf("file.errors.ascii", "encoding", name, "char", string(r))
		}
	}
	return nil
}

// latin1 gives the low byte of every UTF-16 unit, as Node.js does.
func latin1(text string) []byte {
	out := make([]byte, 0, len(text))
	for _, r := range text {
		out = append(out, byte(r))
	}
	return out
}

func pad(s string) string { return s + strings.Repeat("=", (4-len(s)%4)%4) }
