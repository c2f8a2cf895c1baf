// Package comms is the editor's live channel: the websocket on which Node-RED's
// editor hears of debug messages, node statuses and notifications.
//
// A [Hub] publishes topics to every client that is connected. A topic may be
// retained: its last value is sent again to a client that subscribes. What is
// published goes out in batches, at most [batchSize] entries every
// [batchEvery]. A client that doesn't keep up loses the oldest entries; the hub
// counts them.
//
// [DebugData] prepares a value for the debug sidebar as the editor reads it.
package comms
