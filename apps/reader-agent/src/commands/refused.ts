/** A command that could not be done; the text is for whoever stands at the PC and says what to do. */
export class Refused extends Error {
  override readonly name = 'Refused';
}
