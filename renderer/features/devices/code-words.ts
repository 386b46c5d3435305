/** The code in groups that the eye can hold: its own where it has them, else of four. */
export const inFours = (code: string): string =>
  code.includes('-') ? code : (code.match(/.{1,4}/g)?.join(' ') ?? code);
