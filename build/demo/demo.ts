/** `npm start -- --demo`: three devices on this machine. */
export const runDemo = async (_root: string, _args: readonly string[]): Promise<number> => {
  console.error('The demonstration is not built yet.');
  return 2;
};
