import { createServer } from 'node:net';
import { failure } from '../../../shared/errors.ts';

/** Throws `address-not-usable` where nothing on this machine can listen at the address. */
export async function requireOwnAddress(address: string): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      reject(failure('address-not-usable', `This machine cannot listen at ${address}.`, error));
    });
    server.listen({ host: address, port: 0 }, resolve);
  });
  await new Promise((resolve) => server.close(resolve));
}
