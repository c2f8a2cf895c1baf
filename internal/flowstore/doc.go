// Package flowstore keeps the deployed flow file and its credentials in the
// data folder: flows.json, as an editor would export it, and flows_cred.json,
// encrypted by package vault.
//
// Credentials come in inside the nodes of a deployed file and are taken out of
// it; the rules for what a deploy changes are those of Node-RED's admin API.
// Secret ones never leave again.
package flowstore
