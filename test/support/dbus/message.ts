/** D-Bus messages: a header of numbered fields, then the values that it names. */
import { type DbusValue, WireReader, WireWriter } from './wire.ts';

/** What a message is for. */
export const MESSAGE = { call: 1, answer: 2, refusal: 3, signal: 4 } as const;

const LITTLE_ENDIAN = 'l'.charCodeAt(0);
const PROTOCOL = 1;
/** Up to the length of the fields, and with it. */
const FIXED_BYTES = 16;

interface Field {
  readonly code: number;
  readonly signature: string;
}

const FIELDS = {
  path: { code: 1, signature: 'o' },
  interface: { code: 2, signature: 's' },
  member: { code: 3, signature: 's' },
  errorName: { code: 4, signature: 's' },
  replyTo: { code: 5, signature: 'u' },
  destination: { code: 6, signature: 's' },
  sender: { code: 7, signature: 's' },
  signature: { code: 8, signature: 'g' },
} as const satisfies Record<string, Field>;

/** One message; the fields that it does not have are undefined. */
export type Message = {
  readonly type: number;
  readonly serial: number;
  readonly body: readonly DbusValue[];
  readonly replyTo?: number | undefined;
} & { readonly [Name in Exclude<keyof typeof FIELDS, 'replyTo'>]?: string | undefined };

/** The message as bytes. */
export const encodeMessage = (message: Message): Buffer => {
  const body = new WireWriter();
  body.writeAll(message.signature ?? '', message.body);
  const bytes = body.bytes();
  const fields: DbusValue[] = [];
  for (const [name, { code, signature }] of Object.entries(FIELDS)) {
    const value = message[name as keyof typeof FIELDS];
    if (value !== undefined && value !== '') fields.push([code, { signature, value }]);
  }
  const header = new WireWriter();
  header.writeAll('yyyyuua(yv)', [LITTLE_ENDIAN, message.type, 0, PROTOCOL, bytes.length, message.serial, fields]);
  header.align(8);
  return Buffer.concat([header.bytes(), bytes]);
};

/** The first message of what has arrived, and how many bytes it took; null while it is not whole. */
export const decodeMessage = (arrived: Buffer): { readonly message: Message; readonly size: number } | null => {
  if (arrived.length < FIXED_BYTES) return null;
  if (arrived[0] !== LITTLE_ENDIAN) throw new Error('only little-endian D-Bus messages are read here');
  const bodyStart = Math.ceil((FIXED_BYTES + arrived.readUInt32LE(12)) / 8) * 8;
  const size = bodyStart + arrived.readUInt32LE(4);
  if (arrived.length < size) return null;
  const header = new WireReader(arrived.subarray(0, bodyStart)).readAll('yyyyuua(yv)');
  const [, type = 0, , , , serial = 0, pairs] = header;
  const byCode = new Map(pairs as readonly [number, DbusValue][]);
  const fields = Object.fromEntries(Object.entries(FIELDS).map(([name, { code }]) => [name, byCode.get(code)]));
  const signature = typeof fields.signature === 'string' ? fields.signature : '';
  const body = new WireReader(arrived.subarray(bodyStart, size)).readAll(signature);
  return { message: { ...fields, type: Number(type), serial: Number(serial), body }, size };
};
