// Package template is the template node: it fills a mustache template from the
// message and puts the text, or what the text says as JSON or YAML, into a property.
package template
