/** Where an operation stands in the log. */
export interface At {
  readonly index: number;
  /** Milliseconds since 1970, as its master stamped it. */
  readonly stamp: number;
}
