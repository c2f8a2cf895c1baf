// Package inspect prints message values as Node.js's util.inspect does, for
// statuses and logs of debug nodes. Flows and people know these texts.
package inspect
