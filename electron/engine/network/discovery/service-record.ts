import type { Answer } from 'dns-packet';
import { parseTcpAddress, type TcpAddress } from '../tcp-address.ts';

/** The DNS-SD service type (RFC 6763) under which devices announce themselves on the local network. */
export const SERVICE = '_flotilla._tcp.local';
/** Version of the record, in its TXT. */
const RECORD_VERSION = 1;
const TTL_SECONDS = 120;
const INSTANCE = /^[0-9a-f]{32}$/;
/** Records of one packet that are looked at, at most. */
const MAX_RECORDS = 64;

/** A service that somebody announced. */
export interface FoundService {
  readonly instance: string;
  readonly addresses: readonly TcpAddress[];
}

/**
 * The records that announce `instance` at an address: PTR, SRV, TXT `v=1` and A. The instance is 32 hex digits that change
 * every hour and mean something only to those who know the group or the invite; the target is named after it, so no host
 * name is told.
 */
export function serviceRecords(instance: string, address: TcpAddress): Answer[] {
  const name = `${instance}.${SERVICE}`;
  const target = `${instance}.local`;
  return [
    { type: 'PTR', name: SERVICE, ttl: TTL_SECONDS, data: name },
    { type: 'SRV', name, ttl: TTL_SECONDS, data: { port: address.port, target, priority: 0, weight: 0 } },
    { type: 'TXT', name, ttl: TTL_SECONDS, data: [`v=${RECORD_VERSION}`] },
    { type: 'A', name: target, ttl: TTL_SECONDS, data: address.host },
  ];
}

/** The services in the records of a packet; what is malformed or not of the local network is passed over. */
export function readServices(records: readonly Answer[]): readonly FoundService[] {
  const services: FoundService[] = [];
  const looked = records.slice(0, MAX_RECORDS);
  for (const record of looked) {
    if (record.type !== 'SRV' || !record.name.endsWith(`.${SERVICE}`)) continue;
    const instance = record.name.slice(0, -SERVICE.length - 1);
    if (!INSTANCE.test(instance)) continue;
    const { port, target } = record.data;
    const addresses: TcpAddress[] = [];
    for (const other of looked) {
      if (other.type !== 'A' || other.name !== target) continue;
      const address = parseTcpAddress([other.data, port]);
      if (address !== null) addresses.push(address);
    }
    if (addresses.length > 0) services.push({ instance, addresses });
  }
  return services;
}
