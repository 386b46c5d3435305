/** What blind-pairing asks of a DHT, where there is none: nothing is found and nothing is kept. */
export const noDht = {
  on(): void {},
  removeListener(): void {},
  lookup() {
    return {
      closestNodes: [],
      destroy(): void {},
      async *[Symbol.asyncIterator](): AsyncGenerator<never> {},
    };
  },
  announce: () => ({ finished: () => Promise.resolve() }),
  unannounce: () => Promise.resolve(),
  mutableGet: () => Promise.resolve(null),
  mutablePut: () => Promise.resolve(),
};
