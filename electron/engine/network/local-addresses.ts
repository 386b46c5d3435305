import { networkInterfaces } from 'node:os';
import { isLocal } from './tcp-address.ts';

/** The IPv4 addresses of this machine that a local network can reach, and loopback; sorted. */
export function localAddresses(): readonly string[] {
  const addresses = new Set<string>();
  for (const entries of Object.values(networkInterfaces())) {
    for (const entry of entries ?? [])
      if (entry.family === 'IPv4' && isLocal(entry.address)) addresses.add(entry.address);
  }
  return [...addresses].sort();
}
