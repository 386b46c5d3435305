/** Serves the bundled page under a scheme of its own, so that it has an origin and none of the rights of a file. */
import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { protocol } from 'electron';

const SCHEME = 'app';
const HOST = 'flotilla';

/** Origin of the page; also what a message's sender is checked against. */
export const PAGE_ORIGIN = `${SCHEME}://${HOST}`;
/** Address of the page. */
export const PAGE_URL = `${PAGE_ORIGIN}/index.html`;

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

/** Styles may stand inline: the component library positions its layers so. Nothing else may, and nothing comes from elsewhere. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Has to run before the app is ready. */
export const declareAppScheme = (): void => {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
};

const serve = async (directory: string, url: string): Promise<Response> => {
  const { host, pathname } = new URL(url);
  const path = normalize(join(directory, decodeURIComponent(pathname)));
  if (host !== HOST || !path.startsWith(directory + sep)) return new Response('not found', { status: 404 });
  try {
    return new Response(await readFile(path), {
      headers: {
        'content-type': CONTENT_TYPES[extname(path)] ?? 'application/octet-stream',
        'content-security-policy': CONTENT_SECURITY_POLICY,
        'x-content-type-options': 'nosniff',
      },
    });
  } catch {
    return new Response('not found', { status: 404 });
  }
};

/** Answers the page's requests from `directory`, and nothing outside it. */
export const setupAppProtocol = (directory: string): void => {
  protocol.handle(SCHEME, (request) => serve(directory, request.url));
};
