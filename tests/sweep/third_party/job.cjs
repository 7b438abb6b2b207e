// Validates a Kubernetes Job, given as JSON, by the schema of its API; prints what is wrong.
//
//     node job.cjs FILE
const { readFileSync } = require("fs");
const { Job } = require("kubernetes-models/batch/v1/Job");

let wrong = "";
try {
  new Job(JSON.parse(readFileSync(process.argv[2], "utf8"))).validate();
} catch (error) {
  wrong = String(error.message);
}
console.log(JSON.stringify({ wrong }));
