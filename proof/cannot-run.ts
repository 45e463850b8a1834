/** The proof cannot be run here; the message says what is missing. */
export class CannotRun extends Error {}
