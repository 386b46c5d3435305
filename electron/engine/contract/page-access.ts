import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Why a request to the page's server is turned away. */
export type PageRefusal = 'host' | 'origin' | 'token';

/** The address the page is served at. */
export interface PageAddress {
  readonly host: string;
  readonly port: number;
}

/** Name of the cookie that carries the token after the first visit; cookies are shared between ports, hence the port. */
export function cookieName(address: PageAddress): string {
  return `flotilla-${address.port}`;
}

/** `host:port` forms under which the page may be asked for; anything else is another site's name pointed at us. */
function ownHosts(address: PageAddress): readonly string[] {
  const names = [address.host.includes(':') ? `[${address.host}]` : address.host];
  if (address.host === '127.0.0.1' || address.host === '::1') names.push('localhost', '127.0.0.1');
  return names.map((name) => `${name}:${address.port}`);
}

function equalSecrets(given: string, wanted: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(wanted);
  return a.length === b.length && timingSafeEqual(a, b);
}

function cookieOf(request: IncomingMessage, name: string): string | null {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [key, value] = pair.trim().split('=');
    if (key === name && value !== undefined) return value;
  }
  return null;
}

/** What a request asks for, or null where its target is none (such as `//`). */
export function urlOf(request: IncomingMessage): URL | null {
  try {
    return new URL(request.url ?? '/', 'http://page');
  } catch {
    return null;
  }
}

/**
 * Whether a request may see anything at all: the Host header must be our own address (DNS rebinding), an Origin, where
 * one is sent, our own page, and the token must come in the address or in the cookie of an earlier visit.
 */
export function judgeRequest(request: IncomingMessage, address: PageAddress, token: string): PageRefusal | null {
  const hosts = ownHosts(address);
  const host = request.headers.host ?? '';
  if (!hosts.includes(host)) return 'host';
  const origin = request.headers.origin;
  if (origin !== undefined && !hosts.some((own) => origin === `http://${own}`)) return 'origin';
  if (origin === undefined && request.headers.upgrade !== undefined) return 'origin';
  const given = urlOf(request)?.searchParams.get('token') ?? null;
  const carried = cookieOf(request, cookieName(address));
  const known = (given !== null && equalSecrets(given, token)) || (carried !== null && equalSecrets(carried, token));
  return known ? null : 'token';
}
