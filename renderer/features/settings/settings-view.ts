/** What is written and read in the settings. Pure. */

/** Bootstrap nodes from a field with one a line or commas; null where one is not HOST:PORT. */
export const parseBootstrap = (text: string): readonly string[] | null => {
  const nodes = text
    .split(/[\s,]+/)
    .map((node) => node.trim())
    .filter((node) => node !== '');
  const good = nodes.every((node) => {
    const port = Number(/^.+:(\d{1,5})$/.exec(node)?.[1]);
    return Number.isInteger(port) && port > 0 && port < 65_536;
  });
  return good ? nodes : null;
};
