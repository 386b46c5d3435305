/** What is to happen, ordered by time and then by when it was asked for. */
export interface EventQueue<T> {
  push(at: number, event: T): void;
  pop(): { readonly at: number; readonly event: T } | undefined;
}

interface Item<T> {
  readonly at: number;
  readonly order: number;
  readonly event: T;
}

/** A binary heap. */
export function createEventQueue<T>(): EventQueue<T> {
  const heap: Item<T>[] = [];
  let order = 0;
  const before = (a: Item<T>, b: Item<T>): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

  function swap(a: number, b: number): void {
    const kept = heap[a] as Item<T>;
    heap[a] = heap[b] as Item<T>;
    heap[b] = kept;
  }

  return {
    push(at, event) {
      let child = heap.push({ at, order: order++, event }) - 1;
      while (child > 0) {
        const parent = (child - 1) >> 1;
        if (!before(heap[child] as Item<T>, heap[parent] as Item<T>)) break;
        swap(child, parent);
        child = parent;
      }
    },
    pop() {
      const top = heap[0];
      const last = heap.pop();
      if (top === undefined || last === undefined || heap.length === 0) return top;
      heap[0] = last;
      let parent = 0;
      for (;;) {
        let least = parent;
        for (const child of [2 * parent + 1, 2 * parent + 2])
          if (child < heap.length && before(heap[child] as Item<T>, heap[least] as Item<T>)) least = child;
        if (least === parent) return top;
        swap(parent, least);
        parent = least;
      }
    },
  };
}
