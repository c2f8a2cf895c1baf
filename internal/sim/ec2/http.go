package ec2

import (
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// maxBody bounds a request: a call names a few instances.
const maxBody = 1 << 20

// ServeHTTP answers EC2's Query API. A request must be signed, as the aws CLI
// does it, but any credentials will do.
func (c *Cloud) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if err := r.ParseForm(); err != nil {
		fail(w, http.StatusBadRequest, &Error{"MalformedQueryString", err.Error()})
		return
	}
	if !strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential=") {
		fail(w, http.StatusUnauthorized, &Error{"AuthFailure", "AWS was not able to validate the provided access credentials"})
		return
	}
	answer, err := c.call(r.Form)
	if err != nil {
		apiErr, ok := errors.AsType[*Error](err)
		if !ok {
			apiErr = &Error{"InternalError", err.Error()}
		}
		fail(w, http.StatusBadRequest, apiErr)
		return
	}
	write(w, http.StatusOK, answer)
}

func (c *Cloud) call(form url.Values) (any, error) {
	ids := list(form, "InstanceId")
	switch action := form.Get("Action"); action {
	case "DescribeInstances":
		found, err := c.Describe(ids...)
		if err != nil {
			return nil, err
		}
		found, err = filter(found, form)
		return describeAnswer(found), err
	case "StopInstances":
		changes, err := c.Stop(ids...)
		return changeAnswer("StopInstancesResponse", changes), err
	case "StartInstances":
		changes, err := c.Start(ids...)
		return changeAnswer("StartInstancesResponse", changes), err
	default:
		return nil, &Error{"InvalidAction", fmt.Sprintf("The action %s is not valid for this web service.", action)}
	}
}

// list reads Name.1, Name.2 ….
func list(form url.Values, name string) []string {
	var values []string
	for i := 1; form.Has(fmt.Sprintf("%s.%d", name, i)); i++ {
		values = append(values, form.Get(fmt.Sprintf("%s.%d", name, i)))
	}
	return values
}

// filter applies Filter.n; only the filters that make sense here exist.
func filter(found []Instance, form url.Values) ([]Instance, error) {
	for i := 1; form.Has(fmt.Sprintf("Filter.%d.Name", i)); i++ {
		name := form.Get(fmt.Sprintf("Filter.%d.Name", i))
		values := list(form, fmt.Sprintf("Filter.%d.Value", i))
		property, ok := map[string]func(Instance) string{
			"instance-id":         func(i Instance) string { return i.ID },
			"instance-state-name": func(i Instance) string { return string(i.State) },
			"tag:Name":            func(i Instance) string { return i.Name },
		}[name]
		if !ok {
			return nil, &Error{"InvalidParameterValue", fmt.Sprintf("The filter '%s' is invalid", name)}
		}
		found = slices.DeleteFunc(found, func(i Instance) bool { return !slices.Contains(values, property(i)) })
	}
	return found, nil
}

func fail(w http.ResponseWriter, status int, err *Error) {
	type errorItem struct{ Code, Message string }
	write(w, status, struct {
		XMLName   xml.Name    `xml:"Response"`
		Errors    []errorItem `xml:"Errors>Error"`
		RequestID string
	}{Errors: []errorItem{{err.Code, err.Message}}, RequestID: requestID()})
}

func write(w http.ResponseWriter, status int, answer any) {
	text, err := xml.Marshal(answer)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/xml;charset=UTF-8")
	w.WriteHeader(status)
	_, _ = w.Write(append([]byte(xml.Header), text...))
}
