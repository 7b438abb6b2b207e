// The operations of an EDN file, a map a line, as JSON: by edn-data, which is not ours.
const { parseEDNString } = require("edn-data");
const lines = require("fs").readFileSync(process.argv[2], "utf8").split("\n").filter(Boolean);
const read = (line) => parseEDNString(line, { mapAs: "object", keywordAs: "string" });
console.log(JSON.stringify(lines.map(read)));
