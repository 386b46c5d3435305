/**
 * The kinds of operations and their numbers on the wire. A number is never used again for something else.
 * Numbers 16 to 22 are kept for kinds that are designed and not built: a log that holds one needs a newer program.
 */
export const KIND_NUMBERS = {
  'group.create': 1,
  'device.rename': 2,
  'device.setRole': 3,
  'device.remove': 4,
  'invite.create': 5,
  'invite.revoke': 6,
  'invite.redeem': 7,
  'folder.create': 8,
  'folder.rename': 9,
  'folder.remove': 10,
  'folder.setAccess': 11,
  'folder.transferOwner': 12,
  'folder.setSelection': 13,
  'policy.set': 14,
  'rules.raise': 15,
} as const;

/** Numbers that later kinds will have. */
export const RESERVED_KIND_NUMBERS = {
  'lock.acquire': 16,
  'lock.release': 17,
  'lock.expire': 18,
  'index.compact': 19,
  'index.reshard': 20,
  snapshot: 21,
  'generation.begin': 22,
} as const;

/** A kind that this program knows. */
export type OperationKind = keyof typeof KIND_NUMBERS;

const kindsByNumber: ReadonlyMap<number, OperationKind> = new Map(
  Object.entries(KIND_NUMBERS).map(([kind, number]) => [number, kind as OperationKind]),
);

/** The kind of a number, or null where this program does not know it (reserved ones included). */
export function kindOfNumber(number: number): OperationKind | null {
  return kindsByNumber.get(number) ?? null;
}
