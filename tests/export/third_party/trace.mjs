// What the trace engine of Chrome's developer tools makes of a trace: each thread with its name, how
// many slices it has, how deep they nest; and how many arrows were paired.
import fs from "node:fs";
import path from "node:path";

const modules = process.env.NODE_PATH;
const Trace = await import(path.join(modules, "@paulirish/trace_engine/models/trace/trace.js"));
const { traceEvents } = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const processor = Trace.Processor.TraceProcessor.createWithAllHandlers();
await processor.parse(traceEvents, { isFreshRecording: false, isCPUProfile: false });
const threads = {};
for (const [pid, one] of processor.data.Renderer.processes) {
  for (const [tid, thread] of one.threads) {
    threads[`${pid} ${tid}`] = {
      name: thread.name,
      slices: thread.entries.length,
      depth: thread.tree ? thread.tree.maxDepth : 0,
    };
  }
}
console.log(JSON.stringify(threads));
