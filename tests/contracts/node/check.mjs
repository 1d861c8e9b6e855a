// Reads AsyncAPI documents as @asyncapi/parser does and prints what it finds wrong, one line each.

import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";

const ERROR = 0;
let wrong = 0;
for (const path of process.argv.slice(2)) {
  const diagnostics = await new Parser().validate(readFileSync(path, "utf-8"));
  for (const found of diagnostics.filter((one) => one.severity === ERROR)) {
    console.log(`${path}: ${found.path.join("/")}: ${found.message}`);
    wrong += 1;
  }
}
process.exit(wrong ? 1 : 0);
