// Messages a second of Node-RED through the same three nodes as BenchmarkPure.
// usage: node bench.mjs DIR, where DIR has node-red in its node_modules.
import { createRequire } from "node:module";
import http from "node:http";
import path from "node:path";
import { performance } from "node:perf_hooks";

const dir = path.resolve(process.argv[2]);
const require = createRequire(path.join(dir, "package.json"));
const RED = require("node-red");
const jsonata = { t: "set", p: "instanceId", pt: "msg", to: "$match(payload, /^(i-\\w+)/m).groups[0]\t", tot: "jsonata" };
const native = { t: "set", p: "instanceId", pt: "msg", to: "topic", tot: "msg" };
const flow = (rule) => [
  { id: "t", type: "tab" },
  { id: "s", type: "bench-source", z: "t", wires: [["f"]] },
  { id: "f", type: "switch", z: "t", property: "topic", propertyType: "msg", checkall: "true", outputs: 2, wires: [["c"], ["c"]],
    rules: [{ t: "cont", v: "Amazon EC2 Maintenance - Maintenance", vt: "str" }, { t: "cont", v: "[Retirement Notification]", vt: "str" }] },
  { id: "c", type: "change", z: "t", rules: [rule], wires: [["r"]] },
  { id: "r", type: "template", z: "t", field: "text", fieldType: "msg", format: "handlebars", syntax: "mustache", output: "str",
    template: "*{{{topic}}}*\n\n```\n{{{payload}}}\n```\n{{{instanceId}}}", wires: [["e"]] },
  { id: "e", type: "bench-sink", z: "t", wires: [] },
];
let text = "Dear customer,\n\none of your instances is affected:\n\ni-0123456789abcdef0\n\n";
text += "More about this is found in the documentation.\n".repeat(30);
text = text.slice(0, 1200);
const message = () => ({ topic: "[Retirement Notification] Amazon EC2 Instance scheduled for retirement.", payload: text });

RED.init(http.createServer(), { httpAdminRoot: false, httpNodeRoot: false, userDir: path.join(dir, "user"), flowFile: "none.json",
  nodesDir: import.meta.dirname, logging: { console: { level: process.env.LOG ?? "off" } }, disableEditor: true });
await RED.start();
for (const [name, rule] of [["jsonata", jsonata], ["native", native]]) {
  await RED.runtime.flows.setFlows({ flows: { flows: flow(rule) }, deploymentType: "full", req: {} });
  await new Promise((resolve) => setTimeout(resolve, 500));
  for (const inFlight of [1, 64, 1000]) {
    await global.bench(20000, inFlight, message); // warm
    const began = performance.now();
    await global.bench(100000, inFlight, message);
    console.log(`Node-RED ${RED.version()} ${name}/inflight=${inFlight} ${Math.round(100000 / (performance.now() - began) * 1000)} msg/s`);
  }
}
process.exit(0);
