/** Entropy. Contract: the real one is cryptographically secure; the seeded one of the tests repeats with its seed. */
export interface Random {
  /** `length` random bytes. */
  bytes(length: number): Uint8Array;
  /** A number in [0, 1). */
  fraction(): number;
}
