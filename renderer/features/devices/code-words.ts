/** The code in groups of four, which the eye can hold. */
export const inFours = (code: string): string => code.match(/.{1,4}/g)?.join(' ') ?? code;
