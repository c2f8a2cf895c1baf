package node

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"

	"toban/internal/locale"
	"toban/internal/message"
)

// Decode fills the fields of the struct that into points to from a node's
// properties. A field names its property in a `flow` tag and may have a
// `default`. Flow files hold numbers and booleans as text as often as not
// ("993", "true"), so text is read as what the field wants. Field types:
// string, bool, int, float64, message.Value, *message.Object, and slices and
// structs of these.
func Decode(props *message.Object, into any) error {
	return decodeStruct(props, reflect.ValueOf(into).Elem())
}

func decodeStruct(props *message.Object, s reflect.Value) error {
	for i := range s.NumField() {
		f := s.Type().Field(i)
		tag, ok := f.Tag.Lookup("flow")
		if !ok {
			continue
		}
		name, _, _ := strings.Cut(tag, ",")
		v, present := props.Lookup(name)
		if !present || message.IsNullish(v) || v == "" && f.Type.Kind() != reflect.String {
			if def, ok := f.Tag.Lookup("default"); ok {
				v = def
			} else {
				continue
			}
		}
		if err := decodeValue(v, s.Field(i)); err != nil {
			return locale.Errorf("node.bad_property", "property", name, "value", message.ToString(v), "want", err.Error())
		}
	}
	return nil
}

func decodeValue(v message.Value, into reflect.Value) error {
	if into.Kind() == reflect.Interface {
		if v != nil {
			into.Set(reflect.ValueOf(v))
		}
		return nil
	}
	if obj, ok := v.(*message.Object); ok && into.Type() == reflect.TypeFor[*message.Object]() {
		into.Set(reflect.ValueOf(obj))
		return nil
	}
	switch into.Kind() {
	case reflect.String:
		into.SetString(message.ToString(v))
	case reflect.Bool:
		into.SetBool(v == true || v == "true")
	case reflect.Int, reflect.Float64:
		return decodeNumber(v, into)
	case reflect.Slice:
		return decodeSlice(v, into)
	case reflect.Struct:
		obj, ok := v.(*message.Object)
		if !ok {
			return fmt.Errorf("object")
		}
		return decodeStruct(obj, into)
	default:
		return fmt.Errorf("%s", into.Type())
	}
	return nil
}

func decodeNumber(v message.Value, into reflect.Value) error {
	n, ok := v.(float64)
	if text, isText := v.(string); isText {
		parsed, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
		n, ok = parsed, err == nil
	}
	if !ok || math.IsNaN(n) {
		return fmt.Errorf("number")
	}
	if into.Kind() == reflect.Float64 {
		into.SetFloat(n)
		return nil
	}
	if n != math.Trunc(n) || math.Abs(n) > 1<<53 {
		return fmt.Errorf("integer")
	}
	into.SetInt(int64(n))
	return nil
}

func decodeSlice(v message.Value, into reflect.Value) error {
	arr, ok := v.(*message.Array)
	if !ok {
		return fmt.Errorf("array")
	}
	out := reflect.MakeSlice(into.Type(), arr.Len(), arr.Len())
	for i, item := range arr.All() {
		if err := decodeValue(item, out.Index(i)); err != nil {
			return err
		}
	}
	into.Set(out)
	return nil
}
