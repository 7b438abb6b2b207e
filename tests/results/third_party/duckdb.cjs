// Runs load.duckdb.sql in a results folder; prints of every table its columns' types and its rows.
//
//     node duckdb.cjs FOLDER TABLE...
const { readFileSync } = require("node:fs");
const { DuckDBInstance } = require("@duckdb/node-api");

async function main(folder, tables) {
  process.chdir(folder);
  const database = await (await DuckDBInstance.create(":memory:")).connect();
  await database.run(readFileSync("load.duckdb.sql", "utf8"));
  const found = {};
  for (const table of tables) {
    const rows = await database.runAndReadAll(`SELECT * FROM "${table}"`);
    found[table] = { types: rows.columnTypes().map(String), rows: rows.getRowsJson() };
  }
  console.log(JSON.stringify(found));
}

main(process.argv[2], process.argv.slice(3));
