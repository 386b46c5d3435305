import { fstatSync } from 'node:fs';
import { Blake3Hasher } from '@napi-rs/blake-hash';
import { failure } from '../../../shared/errors.ts';
import type { ContentHash } from '../../../shared/ids.ts';
import { SINGLE_CHUNK_BYTES } from '../../../shared/limits.ts';
import { toHex } from '../bytes/hex.ts';
import { ChunkListBuilder } from '../content/chunk-list.ts';
import { Chunker } from '../content/chunker.ts';
import { markOf, readFully, withFile } from './file-access.ts';
import type { Job } from './job.ts';
import { readBuffer } from './read-buffer.ts';

/** Hash and chunks in one pass. The stat before and after must agree, else what was read is no state of the file. */
export const hashFile: Job<'hashFile'> = ({ path }) =>
  withFile(path, (file, before) => {
    const size = Number(before.size);
    const whole = new Blake3Hasher();
    const chunks = size > SINGLE_CHUNK_BYTES ? new ChunkHasher() : null;
    const buffer = readBuffer();
    let position = 0;
    while (true) {
      const read = readFully(file, buffer, position);
      const bytes = buffer.subarray(0, read);
      whole.update(bytes);
      chunks?.take(bytes);
      position += read;
      if (position > size || read < buffer.byteLength) break;
    }
    const after = fstatSync(file, { bigint: true });
    const same = after.size === before.size && after.mtimeNs === before.mtimeNs && after.ctimeNs === before.ctimeNs;
    if (!same || position !== size) throw failure('file-changing', `${path} changed while it was read`);
    const content = toHex(whole.digestBuffer()) as ContentHash;
    return { file: { content, size, chunks: chunks?.finish() ?? new Uint8Array() }, mark: markOf(after) };
  });

/** Cuts and hashes a stream of bytes. */
class ChunkHasher {
  readonly #chunker = new Chunker();
  readonly #hasher = new Blake3Hasher();
  readonly #list = new ChunkListBuilder();
  #length = 0;

  take(bytes: Buffer): void {
    let from = 0;
    while (from < bytes.length) {
      const cut = this.#chunker.next(bytes, from);
      const end = cut < 0 ? bytes.length : cut;
      this.#hasher.update(bytes.subarray(from, end));
      this.#length += end - from;
      if (cut >= 0) this.#close();
      from = end;
    }
  }

  finish(): Uint8Array {
    if (this.#length > 0) this.#close();
    return this.#list.packed();
  }

  #close(): void {
    this.#list.add(this.#hasher.digestBuffer(), this.#length);
    this.#hasher.reset();
    this.#length = 0;
  }
}
