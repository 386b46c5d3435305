/** `npx tsx build/checks/imports.ts`: checks who imports whom, and that no circle is among it. */
import { resolve } from 'node:path';
import { checkImports, findCycles } from './import-rules.ts';
import { readSources } from './source-files.ts';

const files = readSources(resolve(__dirname, '../..'));
const findings = [
  ...checkImports(files).map(({ path, line, text }) => `${path}:${line}: ${text}`),
  ...findCycles(files).map((cycle) => `circle: ${cycle.join(' -> ')}`),
];
for (const finding of findings) console.error(finding);
console.log(findings.length === 0 ? `${files.length} files import as they may` : `${findings.length} findings`);
process.exitCode = findings.length === 0 ? 0 : 1;
