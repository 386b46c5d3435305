import { implement, ORPCError } from '@orpc/server';
import { contract } from '../../../shared/contract/contract.ts';
import { FlotillaError } from '../../../shared/errors.ts';

/** What crosses the boundary when something is refused; anything else stays an internal error without details. */
export function refusalOf(error: unknown): unknown {
  if (!(error instanceof FlotillaError)) return error;
  const { code, message, path } = error;
  return new ORPCError('REFUSED', { status: 400, data: { code, message, path } });
}

/** Turns the refusals that an event stream ends with into what crosses the boundary. */
export async function* guarded<T>(stream: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    yield* stream;
  } catch (error) {
    throw refusalOf(error);
  }
}

/** Where every procedure starts: typed by the contract, with refusals translated. */
export const procedures = implement(contract).use(async ({ next }) => {
  try {
    return await next();
  } catch (error) {
    throw refusalOf(error);
  }
});
