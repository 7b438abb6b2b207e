// Validates the package in a results folder, and casts every row by its schema; prints what is
// wrong, and the rows.
//
//     node datapackage.cjs FOLDER
const { Package } = require("datapackage");

async function main(folder) {
  process.chdir(folder);
  const found = await Package.load("datapackage.json");
  const wrong = found.errors.map(String);
  const tables = {};
  for (const resource of found.resources) {
    try {
      tables[resource.name] = await resource.read();
    } catch (error) {
      wrong.push(`${resource.name}: ${error} ${(error.errors || []).join("; ")}`);
    }
  }
  console.log(JSON.stringify({ wrong, tables }));
}

main(process.argv[2]);
