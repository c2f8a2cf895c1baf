// Package globalconfig is the config node that holds the environment variables of all flows.
// Package flow reads them from the flow file.
package globalconfig
