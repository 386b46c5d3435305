/**
 * What a runtime starts when it is called as `electron <directory>`: the official one brings such an app, the stand-in
 * does not. Bundled and packed into its `default_app.asar`.
 */
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { app } from 'electron';

const load = createRequire(__filename);

const argumentsGiven = process.argv.slice(1);
let target: string | null = null;
for (let index = 0; index < argumentsGiven.length && target === null; index += 1) {
  const argument = argumentsGiven[index] ?? '';
  if (argument === '-r' || argument === '--require') {
    index += 1;
    load(resolve(argumentsGiven[index] ?? ''));
  } else if (argument === '--version' || argument === '-v') {
    console.log(`v${process.versions.electron}`);
    process.exit(0);
  } else if (!argument.startsWith('-')) {
    target = resolve(argument);
  }
}

/** These methods are there for the default app alone, so they are not among the declared ones. */
const callUndeclared = (method: string, value: string): void => {
  Reflect.apply(Reflect.get(app, method), app, [value]);
};

const start = (path: string): void => {
  Object.assign(process, { defaultApp: true });
  try {
    const manifest = load(`${path}/package.json`);
    app.setName(manifest.productName ?? manifest.name);
    callUndeclared('setVersion', manifest.version);
    if (manifest.desktopName) callUndeclared('setDesktopName', manifest.desktopName);
    callUndeclared('setAppPath', path);
  } catch {
    callUndeclared('setAppPath', dirname(path));
  }
  load(path);
};

if (target === null) {
  console.error('usage: electron <directory>');
  process.exit(64);
}
start(target);
