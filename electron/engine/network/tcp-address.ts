import { isIPv4 } from 'node:net';

/** Where a device takes TCP connections: an IPv4 address and a port. */
export interface TcpAddress {
  readonly host: string;
  readonly port: number;
}

/** The address if the value is `[host, port]` with a host that can be dialled, else null. */
export function parseTcpAddress(value: unknown): TcpAddress | null {
  if (!Array.isArray(value) || value.length !== 2) return null;
  const [host, port] = value as unknown[];
  if (typeof host !== 'string' || !isIPv4(host) || !isLocal(host)) return null;
  if (!Number.isInteger(port) || (port as number) < 1 || (port as number) > 65_535) return null;
  return { host, port: port as number };
}

/** `host:port`, the key of an address in maps. */
export function addressKey(address: TcpAddress): string {
  return `${address.host}:${address.port}`;
}

/** Whether an IPv4 address is loopback, private (RFC 1918), shared (RFC 6598) or link-local (RFC 3927). */
export function isLocal(host: string): boolean {
  const [a = -1, b = -1] = host.split('.').map(Number);
  if (a === 127 || a === 10) return true;
  if (a === 192 && b === 168) return true;
  if (a === 172 && b >= 16 && b <= 31) return true;
  if (a === 100 && b >= 64 && b <= 127) return true;
  return a === 169 && b === 254;
}

/** Whether the address reaches this machine alone. */
export function isLoopback(host: string): boolean {
  return host.startsWith('127.');
}
