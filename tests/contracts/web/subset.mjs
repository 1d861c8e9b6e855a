// Prints the rules of a style sheet that some pages use: node subset.mjs style.css page.html ...
//
// No font is taken along: 60 kB a weight are too much for a telephone at night, and the sheet names the system's own.

import { readFileSync } from "node:fs";
import { PurgeCSS } from "purgecss";
import postcss from "postcss";

const [sheet, ...pages] = process.argv.slice(2);
const raw = postcss.parse(readFileSync(sheet, "utf-8"));
raw.walkAtRules("font-face", (rule) => void rule.remove());
raw.walkAtRules("charset", (rule) => void rule.remove());
const [used] = await new PurgeCSS().purge({
  content: pages,
  css: [{ raw: raw.toString() }],
  variables: true,
  keyframes: true,
  // One letter each: without this every word of a page counts as a class.
  defaultExtractor: (text) => text.match(/[\w-]+/g) ?? [],
});
process.stdout.write(used.css + "\n");
