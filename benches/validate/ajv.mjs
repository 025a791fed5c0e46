// Checks each line of a file against a schema, as one would with ajv in Node: compiled once, the file read as a stream.
import { createReadStream } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const [modules, file, schema] = process.argv.slice(2);
const require = createRequire(modules + "/");
const Ajv = require("ajv/dist/2020").default;
const validate = new Ajv({ strict: false, validateFormats: false }).compile(JSON.parse(schema));

let bad = 0;
for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    if (!validate(JSON.parse(line))) bad += 1;
}
process.exitCode = bad ? 1 : 0;
