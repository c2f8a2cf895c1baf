// A source and a sink for the benchmark: so many messages in flight, no clone.
module.exports = function (RED) {
  let arrived = () => {};
  RED.nodes.registerType("bench-source", function (config) {
    RED.nodes.createNode(this, config);
    global.bench = (count, inFlight, message) => new Promise((resolve) => {
      let sent = 0, done = 0;
      arrived = () => {
        if (++done === count) resolve();
        else if (sent < count) { sent++; this.send(message()); }
      };
      while (sent < Math.min(count, inFlight)) { sent++; this.send(message()); }
    });
  });
  RED.nodes.registerType("bench-sink", function (config) {
    RED.nodes.createNode(this, config);
    this.on("input", (msg, send, done) => { arrived(); done(); });
  });
};
