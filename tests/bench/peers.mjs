// Runs a named peer over texts given as JSON lines on stdin, warm, in one process;
// prints {"pages":…,"seconds":…,"findings":…}.   node peers.mjs zhlint|textlint MODULES [prh.yml]
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import path from "node:path";

const [, , peer, modules, prh] = process.argv;
const require = createRequire(path.join(path.resolve(modules), "x.js"));
const load = async (name) => import(pathToFileURL(require.resolve(name)).href);
const texts = readFileSync(0, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line));

let check;
if (peer === "zhlint") {
  const { run } = await load("zhlint");
  const options = { rules: { preset: "default" } };
  check = async (text) => run(text, options).validations.length;
} else {
  const { createLinter } = await load("textlint");
  const { TextlintKernelDescriptor } = await load("@textlint/kernel");
  const { moduleInterop } = await load("@textlint/module-interop");
  const rule = moduleInterop((await load("textlint-rule-prh")).default);
  const plugin = moduleInterop((await load("@textlint/textlint-plugin-text")).default);
  const descriptor = new TextlintKernelDescriptor({
    rules: [{ ruleId: "prh", rule, options: { rulePaths: [path.resolve(prh)] } }],
    plugins: [{ pluginId: "text", plugin, options: true }],
    filterRules: [],
  });
  const linter = createLinter({ descriptor });
  check = async (text, i) => (await linter.lintText(text, `/page-${i}.txt`)).messages.length;
}
for (let i = 0; i < Math.min(20, texts.length); i++) await check(texts[i], i);
const start = process.hrtime.bigint();
let findings = 0;
for (let i = 0; i < texts.length; i++) findings += await check(texts[i], i);
const seconds = Number(process.hrtime.bigint() - start) / 1e9;
console.log(JSON.stringify({ pages: texts.length, seconds, findings }));
